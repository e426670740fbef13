/** What a container with a door and no network can reach: the door. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { runJobKey } from '../../store/run-blobs.ts';
import { docker } from '../support/docker.ts';
import { openDockerProvider } from '../support/docker-provider.ts';
import { openGateway, testKeys } from '../support/gateway.ts';
import type { PrisonerReport } from '../support/prisoner.ts';

const prisoner = fileURLToPath(new URL('../support/prisoner.ts', import.meta.url));

describe('a container without a network', () => {
  it('reaches its door, and nothing else: no host, no address, no name, no metadata', async () => {
    await openDockerProvider('gateway').prepare?.(() => undefined);
    await using pawl = await openGateway();
    const door = await pawl.door();
    await pawl.door();
    await pawl.blobs.put(runJobKey(door.runId), Readable.from(['{"agent":"command"}']), { maxBytes: 100 });
    await using host = await listenOnHost();

    const addresses = [...host.addresses, ['169.254.169.254', 80], ['8.8.8.8', 53], ['2606:4700:4700::1111', 53]];
    const report = await imprison(path.dirname(door.socketPath), {
      ADDRESSES: JSON.stringify([...addresses, ['fd00:ec2::254', 80], ['127.0.0.1', host.port], ['::1', host.port]]),
      CANARIES: JSON.stringify(Object.values(testKeys)),
    });

    assert.deepEqual(report.job, { agent: 'command' });
    assert.equal(report.model, 200);
    assert.deepEqual(report.interfaces, ['lo']);
    assert.ok(Object.keys(report.connects).length >= 7);
    for (const [address, outcome] of Object.entries(report.connects)) {
      assert.match(outcome, /^(ENETUNREACH|ECONNREFUSED|EADDRNOTAVAIL|EINVAL)$/, address);
    }
    for (const [name, outcome] of Object.entries(report.names)) assert.match(outcome, /^E[A-Z_]+$/, name);
    assert.deepEqual(new Set(Object.values(report.tunnels)), new Set(['403']));
    for (const [file, outcome] of Object.entries(report.writes)) assert.match(outcome, /^(EROFS|EACCES|EPERM)$/, file);
    assert.deepEqual(report.canaries, []);
    assert.equal(host.visitors(), 0);
  });
});

/** A service on every address of this host, Docker's bridge among them. */
async function listenOnHost() {
  let visitors = 0;
  const server = createServer((socket) => {
    visitors++;
    socket.destroy();
  }).listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const addresses = own.filter(({ internal }) => !internal).map(({ address }) => [address, port]);
  return {
    ...{ port, addresses },
    visitors: () => visitors,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Runs the program in a container as an agent's is made. */
async function imprison(doorFolder: string, environment: Record<string, string>): Promise<PrisonerReport> {
  const name = `pawl-prisoner-${randomBytes(4).toString('hex')}`;
  const environmentOptions = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const options = [
    ...['--rm', '--name', name, '--label', 'io.pawl.test=gateway', '--network', 'none', '--user', '1000:1000'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only', '--tmpfs', '/tmp'],
    ...['--pids-limit', '64', '--memory', '512m', '--volume', `${doorFolder}:/run/gw:ro`],
    ...['--volume', `${prisoner}:/prisoner.ts:ro`, '--entrypoint', 'node', ...environmentOptions],
  ];
  const { imageName } = machineRecipe();
  return JSON.parse(await docker('run', ...options, imageName, '/prisoner.ts')) as PrisonerReport;
}

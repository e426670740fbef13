/** What a container with a door and no network can reach: the door. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../engine/until.ts';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { runJobKey } from '../../store/run-blobs.ts';
import { docker } from '../support/docker.ts';
import { openDockerProvider } from '../support/docker-provider.ts';
import { openGateway, testKeys } from '../support/gateway.ts';
import { tryWay, type PrisonerReport, type Way } from '../support/prisoner.ts';

const prisoner = fileURLToPath(new URL('../support/prisoner.ts', import.meta.url));

/** What is there, and cannot be listened to from a test: the internet, name servers, metadata services. */
const elsewhere: Way[] = [
  ['the internet', 'tcp', '1.1.1.1', 443],
  ['the internet by IPv6', 'tcp', '2606:4700:4700::1111', 443],
  ['a name server by UDP', 'udp', '8.8.8.8', 53],
  ['a name server by TCP', 'tcp', '8.8.8.8', 53],
  ['a name server by IPv6', 'udp', '2001:4860:4860::8888', 53],
  ["Docker's name server by UDP", 'udp', '127.0.0.11', 53],
  ["Docker's name server by TCP", 'tcp', '127.0.0.11', 53],
  ["systemd's name server", 'udp', '127.0.0.53', 53],
  ['metadata', 'tcp', '169.254.169.254', 80],
  ['metadata by IPv6', 'tcp', 'fd00:ec2::254', 80],
  ["Docker's engine", 'tcp', '172.17.0.1', 2375],
];

describe('a container without a network', () => {
  it('reaches its door, and nothing else: no host, no address, no name, no metadata', async () => {
    await openDockerProvider('gateway').prepare?.(() => undefined);
    await using pawl = await openGateway();
    const door = await pawl.door();
    await pawl.door();
    await pawl.blobs.put(runJobKey(door.runId), Readable.from(['{"agent":"command"}']), { maxBytes: 100 });
    await using host = await listenOnHost();
    await using neighbour = await startNeighbour();
    const open: Way[] = [...host.ways, ['a neighbour on the bridge', 'tcp', neighbour.address, neighbour.port]];
    for (const way of open) assert.equal(await tryWay(way), 'connected', `${way[0]} can be reached from here`);
    const reachedBefore = host.visitors();

    const report = await imprison(path.dirname(door.socketPath), {
      WAYS: JSON.stringify([...open, ...elsewhere]),
      CANARIES: JSON.stringify(Object.values(testKeys)),
    });

    assert.deepEqual(report.job, { agent: 'command' });
    assert.equal(report.model, 200);
    assert.deepEqual(report.interfaces, ['lo']);
    assert.equal(Object.keys(report.ways).length, open.length + elsewhere.length);
    for (const [way, outcome] of Object.entries(report.ways)) {
      assert.match(outcome, /^(ENETUNREACH|ECONNREFUSED|EADDRNOTAVAIL|EINVAL)$/, way);
    }
    for (const [name, outcome] of Object.entries(report.names)) assert.match(outcome, /^E[A-Z_]+$/, name);
    assert.deepEqual(new Set(Object.values(report.tunnels)), new Set(['403']));
    for (const [file, outcome] of Object.entries(report.writes)) assert.match(outcome, /^(EROFS|EACCES|EPERM)$/, file);
    assert.deepEqual(report.canaries, []);
    assert.equal(host.visitors(), reachedBefore);
  });
});

/** A service on every address of this host, Docker's bridge and loopback among them, and on an abstract socket. */
async function listenOnHost() {
  let visitors = 0;
  const visit = (socket: Socket): void => {
    visitors++;
    socket.destroy();
  };
  const server = createServer(visit).listen(0, '::');
  const name = `pawl-test-${randomBytes(4).toString('hex')}`;
  const local = createServer(visit).listen(`\0${name}`);
  await Promise.all([once(server, 'listening'), once(local, 'listening')]);
  const { port } = server.address() as AddressInfo;
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  // An address of one link needs that link's name, which is another one inside.
  const addresses = own.map(({ address }) => address).filter((address) => !address.startsWith('fe80:'));
  const ways = [...new Set([...addresses, '127.0.0.1', '::1'])].map((host): Way => [
    `the host at ${host}`,
    'tcp',
    host,
    port,
  ]);
  return {
    ways: [...ways, ['an abstract socket of the host', 'socket', name, 0] satisfies Way],
    visitors: () => visitors,
    async [Symbol.asyncDispose]() {
      server.close();
      local.close();
      await Promise.all([once(server, 'close'), once(local, 'close')]);
    },
  };
}

/** A container with a network, as a workspace's machine is, with a service in it. */
async function startNeighbour() {
  const port = 8000;
  const program = `require('node:net').createServer((socket) => socket.destroy()).listen(${port})`;
  const options = ['--detach', '--rm', '--init', '--label', 'io.pawl.test=gateway', '--entrypoint', 'node'];
  const id = await docker('run', ...options, machineRecipe().imageName, '--eval', program);
  const address = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id);
  const isUp = async () => (await tryWay(['it', 'tcp', address, port])) === 'connected';
  await until('the neighbour listens', isUp);
  return {
    ...{ address, port },
    [Symbol.asyncDispose]: async () => void (await docker('rm', '--force', id)),
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

/** A machine without Pawl: `docker run` of the same image with the same user-data, rights and limits. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hash } from 'bcryptjs';
import { renderUserData } from '../../cloud-init/render.ts';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { docker } from '../../test/support/docker.ts';
import type { Account } from '../../test/support/terminal.ts';
import { coveredName } from '../../workflows/contract/hostnames.ts';

export interface BareMachine extends AsyncDisposable {
  hostname: string;
  /** Where its proxy is published on 127.0.0.1. */
  port: number;
}

export interface BareOrder {
  repoUrl: string;
  /** Where it reports to; somebody must answer there, or it would wait. */
  reportUrl: string;
  account: Account;
  /** As the machines that it is compared with have them. */
  flags: readonly string[];
}

/** What is known before the clock starts: the seed, as a folder for cloud-init. */
export async function prepareBareMachine(order: BareOrder): Promise<() => Promise<BareMachine>> {
  const workspaceId = `ws-${randomBytes(3).toString('hex')}`;
  const hostname = `ui.${workspaceId}.vm.localhost`;
  const seed = await writeSeed(workspaceId, await userDataFor(order, workspaceId, hostname));
  const name = `pawl-bench-${workspaceId}`;
  const args = [
    ...['run', '--detach', '--name', name, '--hostname', workspaceId, '--label', 'io.pawl.bench=bare'],
    ...['--volume', `${seed}:/var/lib/cloud/seed/nocloud:ro`, ...containerFlags, ...order.flags],
    machineRecipe().imageName,
  ];
  return async () => {
    await docker(...args);
    const address = await docker('port', name, '443/tcp');
    return {
      hostname,
      port: Number(address.split(':').at(-1)),
      async [Symbol.asyncDispose]() {
        await docker('rm', '--force', '--volumes', name);
        await rm(seed, { recursive: true });
      },
    };
  };
}

/** What systemd and an engine inside need, as `local-cloud/machine-container.ts` has it. */
const containerFlags = [
  ...['--cgroupns', 'private', '--tmpfs', '/run:mode=755', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:exec,mode=1777'],
  ...['--mount', 'type=volume,target=/var/lib/docker,volume-nocopy=true'],
  ...['--publish', '127.0.0.1::443', '--add-host', 'host.docker.internal:host-gateway'],
];

async function writeSeed(workspaceId: string, userData: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pawl-bench-'));
  await writeFile(path.join(folder, 'user-data'), userData);
  await writeFile(path.join(folder, 'meta-data'), `instance-id: ${workspaceId}\nlocal-hostname: ${workspaceId}\n`);
  return folder;
}

async function userDataFor({ repoUrl, reportUrl, account }: BareOrder, workspaceId: string, hostname: string) {
  return renderUserData({
    ...{ workspaceId, hostname, repoUrl, branch: null, machineApiUrl: reportUrl },
    coveredName: coveredName(hostname),
    tls: 'internal',
    machineToken: randomBytes(16).toString('hex'),
    username: account.username,
    passwordHash: await hash(account.password, 10),
    heartbeatSeconds: 30,
    deadManMinutes: 60,
  });
}

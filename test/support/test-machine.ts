/** A real machine for a test: real user-data, real container, real git server; only the control plane is a stand-in. */
import { randomBytes } from 'node:crypto';
import { hash } from 'bcryptjs';
import type { MachineProvider, MachineSpec } from '../../activities/providers/provider.ts';
import { renderUserData } from '../../cloud-init/render.ts';
import type { UserDataValues } from '../../cloud-init/values.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { ensureLocalMachine } from '../../local-cloud/ensure-machine.ts';
import { MachineSizes } from '../../local-cloud/machine-sizes.ts';
import { publishedPort } from '../../local-cloud/published-port.ts';
import { startSniRouter } from '../../local-cloud/sni-router.ts';
import type { AddressInfo } from 'node:net';
import { startControlPlaneStandIn } from './control-plane-stand-in.ts';
import type { ControlPlaneStandIn } from './control-plane-stand-in.ts';
import { coveredName } from '../../workflows/contract/hostnames.ts';
import { docker } from './docker.ts';
import { openDockerProvider } from './docker-provider.ts';
import { startGitServer } from './git-server.ts';
import type { GitServer } from './git-server.ts';

export interface TestMachine {
  workspaceId: string;
  installation: string;
  hostname: string;
  username: string;
  password: string;
  token: string;
  /** Port of the SNI router on 127.0.0.1. */
  routerPort: number;
  provider: MachineProvider;
  controlPlane: ControlPlaneStandIn;
  git: GitServer;
  /** Runs a shell script on the machine, as root. */
  run(script: string): Promise<string>;
  /** State of the container, as the engine calls it. */
  state(): Promise<string>;
  /** Removes the machine and everything around it. */
  close(): Promise<void>;
}

/** Repositories of the git server, and what differs from a normal machine. */
export interface TestMachineOptions {
  repositories: Record<string, Record<string, string>>;
  clone: string;
  values?: Partial<UserDataValues>;
  /** What the control plane answers to reports beyond a status. */
  replies?: ControlPlaneStandIn['replies'];
  /** Another image than the one that local machines are made from. */
  imageName?: string;
}

/** Starts a machine; it boots while this returns. */
export async function startTestMachine(options: TestMachineOptions): Promise<TestMachine> {
  const { repositories, clone, values, imageName, replies } = options;
  const workspaceId = `ws-${randomBytes(3).toString('hex')}`;
  const installation = `test-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(9).toString('base64url');
  const settings = {
    hostname: `ui.${workspaceId}.vm.localhost`,
    username: 'dev',
    token: randomBytes(16).toString('hex'),
  };
  const engine = openDockerEngine();
  const provider = openDockerProvider(installation);

  const [git, controlPlane] = await Promise.all([startGitServer(), startControlPlaneStandIn()]);
  Object.assign(controlPlane.replies, replies);
  for (const [name, files] of Object.entries(repositories)) await git.addRepository(name, files);
  const findPort = (name: string): Promise<number | undefined> => publishedPort(engine, installation, name);
  const router = await startSniRouter({ host: '127.0.0.1', port: 0, findPort });

  const userData = renderUserData({
    workspaceId,
    hostname: settings.hostname,
    coveredName: coveredName(settings.hostname),
    tls: 'internal',
    repoUrl: `http://host.docker.internal:${git.port}/${clone}`,
    branch: null,
    machineApiUrl: `http://host.docker.internal:${controlPlane.port}/`,
    machineToken: settings.token,
    username: settings.username,
    passwordHash: await hash(password, 10),
    heartbeatSeconds: 1,
    deadManMinutes: 60,
    ...values,
  });
  const never = new AbortController().signal;
  const spec: MachineSpec = { workspaceId, size: 'small', hostname: settings.hostname, userData };
  const containerId = await makeMachine(spec, never);

  return {
    ...settings,
    workspaceId,
    installation,
    password,
    routerPort: (router.address() as AddressInfo).port,
    provider,
    controlPlane,
    git,
    run: (script) => docker('exec', containerId, 'sh', '-c', script),
    state: () => docker('inspect', '--format', '{{.State.Status}}', containerId),
    async close() {
      router.close();
      await provider.removeMachine(workspaceId, never);
      controlPlane.close();
      await git.close();
    },
  };

  async function makeMachine(spec: MachineSpec, signal: AbortSignal): Promise<string> {
    if (imageName === undefined) {
      await provider.prepare?.(() => undefined);
      return (await provider.ensureMachine(spec, signal)).providerId;
    }
    const sizes = MachineSizes.parse('small=2x4');
    const cloud = { engine, installation, imageName, sizes, privilege: 'auto' as const };
    return (await ensureLocalMachine(cloud, spec, signal)).id;
  }
}

/** The processes that carry runs, each of its own and supervised, on the real engine with a real git server. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureSigningSecret } from '../../callbacks/signing-secrets.ts';
import { openKeyring } from '../../config/open-keyring.ts';
import { apiProcess, gatewayProcess } from '../../engine/pawl-processes.ts';
import { isRunning } from '../../engine/supervisor/process-identity.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { until } from '../../engine/until.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { ownerToken, send } from '../support/api.ts';
import type { Owned } from '../support/client.ts';
import { removeThings } from '../support/docker.ts';
import { embeddedTemporal } from '../support/embedded-temporal.ts';
import { freePorts } from '../support/free-ports.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { gitHubToken, openFakeGitHub, type FakeGitHub } from '../support/github/fake-github.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { holdPullRequests } from './gated-pull-requests.ts';
import type { RunProcess } from './run-matrix.ts';
import type { RunWorkerOrder } from './run-worker-order.ts';

export interface RunStack extends Owned, AsyncDisposable {
  /** Where the owner's listener is. */
  url: string;
  /** The folder of everything that is kept, and the one of the gates. */
  home: string;
  gates: string;
  store: Store;
  git: GitServer;
  github: FakeGitHub;
  receiver: Receiver;
  /** Aborts when the stack is taken down: nobody need wait for anything any more. */
  closing: AbortSignal;
  /** Ends the process at once, as a crash does; the supervisor starts it again. */
  kill(name: RunProcess): Promise<void>;
}

/** Runs are held at points of their own; `places` of them have agents at the same time. */
export async function openRunStack(places: number): Promise<RunStack> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const installation = `test-${randomBytes(4).toString('hex')}`;
  cleanup.defer(() => removeThings(`io.pawl.installation=${installation}`));
  const git = await startGitServer();
  cleanup.defer(() => git.close());
  const github = cleanup.use(await openFakeGitHub());
  const receiver = cleanup.use(await startReceiver());
  const [gates, gitHost, callbackHost] = [
    path.join(home, 'gates'),
    `127.0.0.1:${git.port}`,
    `127.0.0.1:${receiver.port}`,
  ];
  holdPullRequests(github, gates);
  const gitHubHosts = `${gitHost}=${github.url}`;
  const [port = 0, machinePort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const temporal = await embeddedTemporal(home);
  const env = {
    ...inherited(),
    ...{ PAWL_HOME: home, PAWL_INSTALLATION: installation, TEMPORAL_ADDRESS: temporal.address },
    ...{ GATEWAY_METRICS_ADDRESS: 'off', GIT_INSECURE_HOSTS: gitHost, GITHUB_HOSTS: gitHubHosts },
    ...{ CALLBACK_INSECURE_HOSTS: callbackHost, CALLBACK_PRIVATE_HOSTS: callbackHost },
    ...{ PORT: String(port), MACHINE_API_PORT: String(machinePort), MACHINE_API_HOST: '127.0.0.1' },
    ...{ API_TOKEN: ownerToken, RATE_LIMITS: 'off' },
  };

  const supervisor = await openSupervisor(home, () => undefined);
  cleanup.defer(() => supervisor.stop());
  await supervisor.start(temporal.definition);
  const gateway = connectToGateway(home);
  await supervisor.start(gatewayProcess({ env, ports: [], isUp: () => gateway.isUp() }));
  await supervisor.start(workerProgram({ gates, gitHost, callbackHost, gitHubHosts, places }, env));
  await supervisor.start(apiProcess({ env, ports: [], url }));

  const store = await openStore({ home, keyring: await openKeyring({ PAWL_HOME: home }) });
  cleanup.defer(() => store.close());
  await ensureSigningSecret(store.secrets, 'owner');
  await store.credentials.put('github', { kind: 'git_token', username: 'somebody', token: gitHubToken });
  await until('a worker asks for work', () => hasWorker(url), { deadlineMs: 120_000 });
  const records = openRunRecords(home);
  const closing = new AbortController();
  cleanup.defer(() => closing.abort());
  const stack = cleanup.move();

  return {
    ...{ url, home, gates, store, git, github, receiver, closing: closing.signal },
    call: (method, address, request) => send(`${url}${address}`, method, request),
    async kill(name) {
      const running = records.read(name);
      if (!running) throw new Error(`${name} does not run, so it cannot be killed`);
      process.kill(running.pid, 'SIGKILL');
      await until(`${name} is dead`, () => !isRunning(running), { pollMs: 5 });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Machines have no part in this, so nothing says that they could be made. */
async function hasWorker(url: string): Promise<boolean> {
  const answer = await send(`${url}/ready`, 'GET').catch(() => undefined);
  const parts = answer?.body['parts'] as { worker: { ready: boolean } } | undefined;
  return parts?.worker.ready === true;
}

function workerProgram(order: RunWorkerOrder, env: NodeJS.ProcessEnv) {
  const args = [fileURLToPath(new URL('run-worker.ts', import.meta.url)), JSON.stringify(order)];
  return { name: 'worker', command: process.execPath, args, env, exitsWithSupervisor: true, drainMs: 2_000 };
}

function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, DOCKER_HOST, PAWL_CACHE_DIR } = process.env;
  return { PATH, HOME, DOCKER_HOST, PAWL_CACHE_DIR };
}

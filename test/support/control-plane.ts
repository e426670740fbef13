/** A whole control plane in one process: Temporal's own server, a worker with the real lifecycle, a scripted provider, the API. */
import path from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { withNameBreaker } from '../../activities/names/with-breaker.ts';
import type { MachineProvider } from '../../activities/providers/provider.ts';
import { withBreaker } from '../../activities/providers/with-breaker.ts';
import { createDataConverter } from '../../codec/data-converter.ts';
import { until } from '../../engine/until.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import { createKeyring } from '../../store/keyring.ts';
import { openBlobStore } from '../../store/blobs/open-blob-store.ts';
import { openStore } from '../../store/open-store.ts';
import { runWorker } from '../../workers/worker.ts';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { openApi, type Answer, type Api } from './api.ts';
import { startFakeCloudflare, type FakeCloudflare } from './cloudflare/fake-cloudflare.ts';
import { openCloudflareNames } from './cloudflare/open-names.ts';
import { startFakeTerminal } from './fake-terminal.ts';
import { newKey } from './keys.ts';
import { testRepositoryParts } from './repository-parts.ts';
import { startTemporal } from './running-temporal.ts';
import { createScriptedProvider, type ScriptedProviderOptions } from './scripted-provider.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ControlPlane extends AsyncDisposable {
  api: Api;
  temporal: Client;
  /** What the provider does wrong from now on. */
  script: Pick<ScriptedProviderOptions, 'before' | 'after' | 'prices'>;
  /** Folder of the scripted provider. */
  cloud: string;
  /** Where names below `example.com` are published, and certificates signed for them. */
  cloudflare: FakeCloudflare;
  /** Another API process on the same store and server. */
  openAnotherApi(settings?: Record<string, string>): Promise<Api>;
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  /** Creates a workspace over HTTP; fails unless it is accepted. */
  create(body?: Record<string, unknown>, headers?: Record<string, string>): Promise<Created>;
  /** Reports every step of the boot as the machine does, and waits until the workspace runs. */
  makeRunning(created: Pick<Created, 'id' | 'machineToken'>): Promise<void>;
  state(id: string): Promise<Record<string, unknown>>;
  reaches(id: string, status: string): Promise<void>;
}

export interface Created {
  id: string;
  machineToken: string;
  answer: Answer;
}

/** One for a test file: the server takes a second to start. */
export async function openControlPlane(
  settings: Record<string, string> = {},
  /** Other providers that the worker can use. */
  others: readonly MachineProvider[] = [],
): Promise<ControlPlane> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  await using cleanup = new AsyncDisposableStack();
  const folder = cleanup.use(await temporaryFolder());
  const cloud = path.join(folder.path, 'cloud');
  const keyring = createKeyring([newKey()]);

  const server = cleanup.use(await startTemporal(folder.path));
  const temporal = new Client({ connection: server.connection, dataConverter: createDataConverter(keyring) });

  const store = await openStore({ home: folder.path, keyring });
  cleanup.defer(() => store.close());
  const blobs = await openBlobStore({ home: folder.path });
  const terminal = await startFakeTerminal();
  cleanup.defer(() => terminal.close());
  const cloudflare = cleanup.use(await startFakeCloudflare());

  const script: ControlPlane['script'] = {};
  const provider = createScriptedProvider({
    folder: cloud,
    connectTo: terminal.connectTo,
    prices: () => script.prices?.() ?? { hourlyPrice: null },
    before: (...call) => script.before?.(...call),
    after: (...call) => script.after?.(...call),
  });
  const worker = workerControl(async (stop) =>
    runWorker(
      {
        ...{ store, blobs, keyring, temporal: { connection: { address: server.address }, namespace: 'default' } },
        providers: [provider, ...others].map((one) => ({ provider: withBreaker(one) })),
        names: [{ provider: withNameBreaker(openCloudflareNames(cloudflare, { MACHINE_TLS: 'origin' })) }],
        callbackWay: { rules: { insecureHosts: ['127.0.0.1'], privateHosts: ['127.0.0.1'] } },
        machineSettings: {
          apiUrl: 'http://control-plane.test',
          heartbeatSeconds: 30,
          deadManMinutes: 60,
          tls: 'internal',
        },
        repositories: testRepositoryParts(folder.path),
        gateway: connectToGateway(folder.path),
        isControlPlane: true,
        upkeep: {
          orphanSweep: 'remove',
          orphanSweepMinutes: 10,
          orphanAgeMinutes: 15,
          retentionDays: 30,
          blobRetentionDays: 30,
        },
        maxCachedWorkflows: 100,
        log: pino({ level: 'silent' }),
      },
      stop,
    ),
  );
  cleanup.defer(() => worker.stop());
  await worker.start();

  const openAnotherApi = (more: Record<string, string> = {}): Promise<Api> =>
    openApi({ settings: { MACHINE_PROVIDER: 'scripted', ...settings, ...more }, house: { temporal, store } });
  const api = cleanup.use(await openAnotherApi());

  const state = async (id: string): Promise<Record<string, unknown>> => (await api.call('GET', `/vms/${id}`)).body;
  const reaches = (id: string, status: string): Promise<void> =>
    until(`${id} is ${status}`, async () => (await state(id))['status'] === status);
  const stack = cleanup.move();

  return {
    ...{ api, temporal, script, cloud, cloudflare, openAnotherApi, state, reaches },
    stopWorker: () => worker.stop(),
    startWorker: () => worker.start(),
    async create(body = {}, headers = {}) {
      const answer = await api.call('POST', '/vms', {
        body: { repoUrl: 'https://git.test/hello.git', ...body },
        headers,
      });
      if (answer.status !== 201) throw new Error(`not created: ${answer.text}`);
      const id = String(answer.body['id']);
      return { id, answer, machineToken: await api.machineTokenFor(id) };
    },
    async makeRunning({ id, machineToken: token }) {
      for (const [index, step] of bootSteps.entries()) {
        await api.callAsMachine('POST', `/vms/${id}/boot`, { token, body: { seq: index + 1, step, status: 'done' } });
      }
      await reaches(id, 'running');
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function workerControl(run: (stop: AbortSignal) => Promise<void>): { start(): Promise<void>; stop(): Promise<void> } {
  let current: { stop: AbortController; ended: Promise<void> } | undefined;
  return {
    async start() {
      const stop = new AbortController();
      current = { stop, ended: run(stop.signal) };
    },
    async stop() {
      current?.stop.abort();
      await current?.ended;
      current = undefined;
    },
  };
}

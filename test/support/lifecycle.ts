/** Workspaces on the time-skipping server, with a real store, the real activities and a scripted provider. */
import path from 'node:path';
import { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createActivities, type Activities } from '../../activities/index.ts';
import type { MachineProvider } from '../../activities/providers/provider.ts';
import { startOptions } from '../../api/workspaces/start-options.ts';
import { createDataConverter } from '../../codec/data-converter.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import { createKeyring } from '../../store/keyring.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import { openBlobStore } from '../../store/blobs/open-blob-store.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { isWorkflowLive, isWorkspaceLive, waitForWorkflow } from '../../workers/liveness.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import { startFakeCloudflare, type FakeCloudflare } from './cloudflare/fake-cloudflare.ts';
import { openCloudflareNames } from './cloudflare/open-names.ts';
import { startFakeTerminal, type FakeTerminal } from './fake-terminal.ts';
import { newKey } from './keys.ts';
import { testRepositoryParts } from './repository-parts.ts';
import { createScriptedProvider, type ScriptedProviderOptions } from './scripted-provider.ts';
import { createStory, type Story } from './story.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startTimeSkipping, workflowBundle } from './time-skipping-server/start.ts';
import { newWorkspaceInput, type InputOverrides } from './workspace-input.ts';

export interface LifecycleHouse extends AsyncDisposable {
  env: TestWorkflowEnvironment;
  /** Waits for a result in the time that is; the client of `env` lets the server's time skip meanwhile. */
  client: Client;
  store: Store;
  blobs: BlobStore;
  terminal: FakeTerminal;
  /** Folder of the store and the blobs. */
  folder: string;
  /** Folder of the scripted provider. */
  cloud: string;
  /** What the provider does wrong; set per test, cleared by `start`. */
  script: Pick<ScriptedProviderOptions, 'before' | 'after' | 'prices'>;
  /** Where the names of machines are published that need one. */
  cloudflare: FakeCloudflare;
  /** The real activities. */
  activities: Activities;
  /** Replaces the question whether a workspace lives; cleared by `start`. */
  isLive: ((workspaceId: string) => Promise<boolean>) | undefined;
  /** The same for any workflow. */
  isWorkflowLive: ((workflowId: string) => Promise<boolean>) | undefined;
  /** Replaces activities, to fail one of them; cleared by `start`. */
  replaced: Partial<Activities>;
  /** Starts a workspace as the API does: secrets first, then the workflow. */
  start(overrides?: InputOverrides): Promise<Story>;
}

/**
 * One for each test file: the server's clock is one for all its workflows. `key` seals payloads and secrets; `arrange` may put
 * something before the scripted provider.
 */
export async function openLifecycleHouse(
  key = newKey(),
  arrange: (provider: MachineProvider) => MachineProvider = (provider) => provider,
): Promise<LifecycleHouse> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await temporaryFolder();
  const cloud = path.join(folder.path, 'cloud');
  const keyring = createKeyring([key]);
  const dataConverter = createDataConverter(keyring);
  const store = await openStore({ home: folder.path, keyring });
  const blobs = await openBlobStore({ home: folder.path });
  const terminal = await startFakeTerminal();
  const cloudflare = await startFakeCloudflare();
  const env = await startTimeSkipping(dataConverter);

  const house: Pick<LifecycleHouse, 'script' | 'replaced' | 'isLive' | 'isWorkflowLive'> = {
    ...{ script: {}, replaced: {}, isLive: undefined, isWorkflowLive: undefined },
  };
  const scripted = createScriptedProvider({
    folder: cloud,
    extras: ['firewall'],
    prices: () => house.script.prices?.() ?? { hourlyPrice: null },
    connectTo: terminal.connectTo,
    before: (...call) => house.script.before?.(...call),
    after: (...call) => house.script.after?.(...call),
  });
  const provider = arrange(scripted);
  const real = createActivities({
    store,
    blobs,
    providers: new Map([[provider.id, provider]]),
    names: openCloudflareNames(cloudflare, { MACHINE_TLS: 'origin' }),
    callbackWay: { rules: { insecureHosts: ['127.0.0.1'], privateHosts: ['127.0.0.1'] } },
    machineSettings: { apiUrl: 'http://control-plane.test', heartbeatSeconds: 30, deadManMinutes: 60, tls: 'internal' },
    isLive: (workspaceId) => house.isLive?.(workspaceId) ?? isWorkspaceLive(env.client, workspaceId),
    isWorkflowLive: (workflowId) => house.isWorkflowLive?.(workflowId) ?? isWorkflowLive(env.client, workflowId),
    waitForWorkflow: (workflowId, signal) => waitForWorkflow(env.client, workflowId, signal),
    gateway: connectToGateway(folder.path),
    ...testRepositoryParts(folder.path),
  });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: controlPlaneQueue,
    workflowBundle: await workflowBundle(),
    dataConverter,
    activities: replaceable(real, () => house.replaced),
  });
  const running = worker.run();

  return Object.assign(house, {
    env,
    client: new Client({ connection: env.connection, dataConverter }),
    store,
    blobs,
    folder: folder.path,
    terminal,
    cloud,
    cloudflare,
    activities: real,
    async start(overrides: InputOverrides = {}): Promise<Story> {
      Object.assign(house, { script: {}, replaced: {}, isLive: undefined, isWorkflowLive: undefined });
      cloudflare.script = undefined;
      terminal.answer(200);
      const input = newWorkspaceInput(overrides);
      const names = workspaceSecretNames(input.workspaceId);
      await store.secrets.ensure(names.password, 'correct horse');
      await store.secrets.ensure(names.machineToken, 'battery-staple-0123456789');
      const options = startOptions(input, { createdAt: new Date().toISOString(), phase: 'creating' });
      const handle = await env.client.workflow.start<typeof workspaceLifecycle>('workspaceLifecycle', options);
      return createStory({ env, store, cloud, input, handle });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      worker.shutdown();
      await running;
      await env.teardown();
      await terminal.close();
      await cloudflare[Symbol.asyncDispose]();
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  });
}

function replaceable(real: Activities, replaced: () => Partial<Activities>): Activities {
  return new Proxy(real, {
    get: (target, name: keyof Activities) => {
      const original = target[name] as ((...args: unknown[]) => unknown) | undefined;
      if (!original) return original;
      return (...args: unknown[]) => ((replaced()[name] as typeof original | undefined) ?? original)(...args);
    },
  });
}

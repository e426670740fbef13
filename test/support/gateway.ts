/** A gateway in this process, on real sockets, with a model endpoint on loopback behind it. */
import pino from 'pino';
import type { z } from 'zod';
import { gatewaySettings } from '../../gateway/config.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import type { GatewayControl } from '../../gateway/control/control-client.ts';
import type { EgressOptions } from '../../gateway/egress/egress.ts';
import { startGateway } from '../../gateway/gateway.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import { openBlobStore } from '../../store/blobs/open-blob-store.ts';
import { DoorPolicy } from '../../store/door-policy.ts';
import type { Store } from '../../store/store.ts';
import { openAt, placeAt } from '../store/place.ts';
import { openDoorClient } from './door-client.ts';
import type { DoorClient } from './door-client.ts';
import { startModelUpstream } from './model-upstream.ts';
import type { ModelUpstream } from './model-upstream.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const testHostId = 'host-test';

export interface TestGateway extends AsyncDisposable {
  home: string;
  store: Store;
  blobs: BlobStore;
  upstream: ModelUpstream;
  control: GatewayControl;
  gateway: Gateway;
  /** Everything that was logged so far. */
  log(): string;
  /** Opens the door of a run; by default it may do everything with the credentials `anthropic`, `openai` and `google`. */
  door(policy?: PolicyInput, runId?: string): Promise<DoorClient & { runId: string }>;
}

/** A policy of which only a part is said. */
export type PolicyInput = z.input<typeof DoorPolicy>;

export const testKeys = {
  anthropic: 'sk-ant-api-canary-0001',
  openai: 'sk-openai-canary-0002',
  google: 'AIza-google-canary-0003',
};

/** Starts it with these settings over the defaults, and stores a key for each API. */
export async function openGateway(
  settings: Record<string, string> = {},
  egress: Partial<EgressOptions> = {},
): Promise<TestGateway> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const upstream = cleanup.use(await startModelUpstream());
  const store = cleanup.use(await openAt(placeAt(home)));
  const blobs = await openBlobStore({ home });
  cleanup.defer(() => blobs.close());
  await storeKeys(store);

  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const parsed = gatewaySettings.parse({ PAWL_HOME: home, ...endpointsAt(upstream.url), ...settings });
  const gateway = await startGateway({ settings: parsed, hostId: testHostId, store, blobs, log, egress });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= gateway.close());
  cleanup.defer(close);
  const control = connectToGateway(home);
  let doors = 0;
  const stack = cleanup.move();

  return {
    ...{ home, store, blobs, upstream, control, gateway: { ...gateway, close } },
    log: () => lines.join(''),
    async door(policy = {}, runId = `run-${String(++doors).padStart(10, '0')}`) {
      await openTestDoor(store, runId, policy);
      return { ...openDoorClient(await control.openDoor(runId)), runId };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The settings that lead every model API to this endpoint. */
export function endpointsAt(url: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    OPENAI_BASE_URL: `${url}/v1`,
    GOOGLE_GEMINI_BASE_URL: url,
    ANTHROPIC_OAUTH_TOKEN_URL: `${url}/oauth/token`,
  };
}

/** A key for each API, under the API's name. */
export async function storeKeys(store: Store): Promise<void> {
  await store.credentials.put('anthropic', { kind: 'anthropic_api_key', apiKey: testKeys.anthropic });
  await store.credentials.put('openai', { kind: 'openai_api_key', apiKey: testKeys.openai });
  await store.credentials.put('google', { kind: 'google_api_key', apiKey: testKeys.google });
}

/** Records a door that may use each API under the credential of the same name. */
export async function openTestDoor(store: Store, runId: string, policy: PolicyInput): Promise<void> {
  const models = { anthropic: 'anthropic', openai: 'openai', google: 'google' };
  await store.doors.open({ runId, hostId: testHostId, policy: DoorPolicy.parse({ models, ...policy }) });
}

/** What the routes work with. Built once for each process, and handed to both listeners. */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { connectToGateway, type GatewayControl } from '../gateway/control/control-client.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import type { WorkspaceLimits } from '../workflows/contract/workspace.ts';
import type { ApiSettings } from './config.ts';
import { createHeartbeatFilter, type HeartbeatFilter } from './heartbeats.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createStreamTails, type StreamTails } from './stream-tails.ts';
import { createWorkerLoad, type WorkerLoad } from './worker-load.ts';

/** What comes from outside: clients, settings, identity. */
export interface ServiceParts {
  store: Store;
  blobs: BlobStore;
  temporal: Client;
  settings: ApiSettings;
  /** The owner's bearer token. */
  ownerToken: string;
  /** Name of this installation, which marks everything it makes. */
  installation: string;
  log: Logger;
  /** Aborted when the process is to end: streams end then. */
  shutdown: AbortSignal;
}

export interface Services extends ServiceParts {
  metrics: Metrics;
  tails: StreamTails;
  heartbeats: HeartbeatFilter;
  load: WorkerLoad;
  /** The gateway of this host; one that is not there does not answer. */
  gateway: Pick<GatewayControl, 'checkCredential'>;
  workspaceLimits: WorkspaceLimits;
}

/** Adds what this process keeps in memory, and whom it asks. */
export function createServices(parts: ServiceParts): Services {
  const { settings, store, log } = parts;
  const workspaceLimits = {
    idleMinutes: settings.IDLE_MINUTES,
    provisionMinutes: settings.PROVISION_MINUTES,
    heartbeatLostMinutes: settings.HEARTBEAT_LOST_MINUTES,
    maxHistoryEvents: settings.MAX_HISTORY_EVENTS,
    ...(settings.MAX_LIFETIME_HOURS > 0 && { lifetimeMinutes: settings.MAX_LIFETIME_HOURS * 60 }),
  };
  return {
    ...parts,
    workspaceLimits,
    metrics: createMetrics(),
    tails: createStreamTails(store.events, log),
    heartbeats: createHeartbeatFilter(workspaceLimits),
    load: createWorkerLoad(parts),
    gateway: connectToGateway(settings.PAWL_HOME),
  };
}

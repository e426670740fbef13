/** The gateway process: settings → parts → doors, until it is told to stop. */
import { openHostId } from '../config/host-id.ts';
import { createLogger } from '../config/logger.ts';
import { openBlobs } from '../config/open-blobs.ts';
import { openKeyring } from '../config/open-keyring.ts';
import { stopSignal } from '../config/stop-signal.ts';
import { openStore } from '../store/open-store.ts';
import { readGatewaySettings } from './config.ts';
import { startGateway } from './gateway.ts';
import { serveMetrics } from './metrics.ts';

const settings = readGatewaySettings();
const stop = stopSignal();
const log = createLogger(settings, 'gateway');

const hostId = await openHostId(settings);
const { PAWL_HOME: home, DATABASE_URL: databaseUrl } = settings;
const store = await openStore({ home, databaseUrl, keyring: await openKeyring(settings) });
const blobs = await openBlobs(settings);

const gateway = await startGateway({ settings, hostId, store, blobs, log });
const metrics = await serveMetrics(gateway.metrics.registry, settings.GATEWAY_METRICS_ADDRESS);
log.info({ hostId }, 'the doors are open');

if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
log.info('stopping: containers keep their doors, and find them open again with the next gateway');
metrics?.close();
metrics?.closeAllConnections();
await gateway.close();
blobs.close();
await store.close();

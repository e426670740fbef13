/** The API process: settings → clients → two listeners, until it is told to stop. */
import { Client, Connection } from '@temporalio/client';
import { createDataConverter } from '../codec/data-converter.ts';
import { openApiToken } from '../config/api-token.ts';
import { openBlobs } from '../config/open-blobs.ts';
import { openInstallation } from '../config/installation.ts';
import { createLogger } from '../config/logger.ts';
import { openKeyring } from '../config/open-keyring.ts';
import { stopSignal } from '../config/stop-signal.ts';
import { temporalTarget } from '../config/temporal.ts';
import { openStore } from '../store/open-store.ts';
import { createApp } from './app.ts';
import { readApiSettings } from './config.ts';
import { listen } from './listener.ts';
import { createMachineApp } from './machine-app.ts';
import { createServices } from './services.ts';

const settings = readApiSettings();
const stop = stopSignal();
const log = createLogger(settings, 'api');

const installation = await openInstallation(settings);
const keyring = await openKeyring(settings);
const store = await openStore({ home: installation.home, databaseUrl: settings.DATABASE_URL, keyring });
const blobs = await openBlobs(settings);

// Lazy: the API comes up without Temporal too, and says in /ready what is missing.
const target = temporalTarget();
const connection = Connection.lazy(target.connection);
const temporal = new Client({ connection, namespace: target.namespace, dataConverter: createDataConverter(keyring) });

const services = createServices({
  ...{ store, blobs, temporal, settings, log },
  ownerToken: await openApiToken(settings),
  installation: installation.name,
  shutdown: stop,
});

const listeners = [
  await listen(createApp(services), { host: settings.HOST, port: settings.PORT, settings: 'HOST, PORT' }),
  await listen(createMachineApp(services), {
    host: settings.MACHINE_API_HOST ?? '0.0.0.0',
    port: settings.MACHINE_API_PORT,
    settings: 'MACHINE_API_HOST, MACHINE_API_PORT',
  }),
];
log.info({ api: listeners[0]?.address, machines: listeners[1]?.address }, 'listening');

await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
log.info('stopping: requests under way are finished, streams end');
await Promise.all(listeners.map((listener) => listener.close()));
await services.load.settled();
await connection.close();
blobs.close();
await store.close();

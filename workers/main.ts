/** The worker process: settings → parts → work, until it is told to stop. */
import { nameProviders } from '../activities/names/index.ts';
import { guardedNames } from '../activities/names/with-breaker.ts';
import { machineProviders } from '../activities/providers/index.ts';
import { guarded } from '../activities/providers/with-breaker.ts';
import { createCodecServer } from '../codec/codec-server.ts';
import { createPayloadCodec } from '../codec/payload-codec.ts';
import { openBlobs } from '../config/open-blobs.ts';
import { openInstallation } from '../config/installation.ts';
import { openHostId } from '../config/host-id.ts';
import { createLogger } from '../config/logger.ts';
import { openKeyring } from '../config/open-keyring.ts';
import { stopSignal } from '../config/stop-signal.ts';
import { temporalTarget } from '../config/temporal.ts';
import { connectToGateway } from '../gateway/control/control-client.ts';
import { openDockerEngine } from '../local-cloud/docker-engine.ts';
import { ensureAgentImage } from '../local-cloud/ensure-image.ts';
import { openStore } from '../store/open-store.ts';
import { readWorkerSettings, type WorkerSettings } from './config.ts';
import { chooseProviders } from './providers.ts';
import { repositoryParts } from './repository-parts.ts';
import type { RunnerParts } from './runner.ts';
import { installTelemetry } from './telemetry.ts';
import { runWorker } from './worker.ts';

const settings = readWorkerSettings();
const stop = stopSignal();
const log = createLogger(settings, 'worker');
installTelemetry(log, settings.WORKER_METRICS_ADDRESS);

const installation = await openInstallation(settings);
const keyring = await openKeyring(settings);
const store = await openStore({ home: installation.home, databaseUrl: settings.DATABASE_URL, keyring });
const blobs = await openBlobs(settings);
const codecServer = createCodecServer({ codec: createPayloadCodec(keyring), uiOrigin: settings.TEMPORAL_UI_ORIGIN });
if (settings.CODEC_SERVER_PORT !== undefined) await codecServer.listen(settings.CODEC_SERVER_PORT);

const host = { installation: installation.name, cacheDir: settings.PAWL_CACHE_DIR, log };

try {
  await runWorker(
    {
      temporal: temporalTarget(),
      store,
      blobs,
      keyring,
      providers: chooseProviders(machineProviders.map(guarded), host),
      names: chooseProviders(nameProviders.map(guardedNames), host),
      machineSettings: {
        apiUrl: settings.MACHINE_API_URL,
        heartbeatSeconds: settings.HEARTBEAT_SECONDS,
        deadManMinutes: settings.DEAD_MAN_MINUTES,
        tls: settings.MACHINE_TLS,
      },
      callbackWay: {
        rules: {
          insecureHosts: settings.CALLBACK_INSECURE_HOSTS,
          privateHosts: settings.CALLBACK_PRIVATE_HOSTS,
        },
      },
      repositories: repositoryParts(settings),
      gateway: connectToGateway(settings.PAWL_HOME),
      isControlPlane: settings.WORKER_ROLES.includes('control-plane'),
      runner: settings.WORKER_ROLES.includes('runner') ? await runnerParts(settings) : undefined,
      upkeep: {
        orphanSweep: settings.ORPHAN_SWEEP,
        orphanSweepMinutes: settings.ORPHAN_SWEEP_MINUTES,
        orphanAgeMinutes: settings.ORPHAN_AGE_MINUTES,
        retentionDays: settings.RETENTION_DAYS,
        blobRetentionDays: settings.BLOB_RETENTION_DAYS,
      },
      maxCachedWorkflows: settings.MAX_CACHED_WORKFLOWS,
      log,
    },
    stop,
  );
} finally {
  await codecServer.close();
  blobs.close();
  await store.close();
}

async function runnerParts(given: WorkerSettings): Promise<RunnerParts> {
  const engine = openDockerEngine();
  const image = { engine, mayInstall: !given.PAWL_NO_INSTALL, progress: (line: string) => log.info(line) };
  return {
    runs: {
      engine,
      installation: installation.name,
      limits: { cpus: given.RUN_CPUS, memoryBytes: given.RUN_MEMORY_MB * 1024 ** 2 },
    },
    ensureImage: () => ensureAgentImage(image, given.AGENTS, given.PAWL_CACHE_DIR),
    hostId: await openHostId(given),
    places: given.RUNNER_PLACES,
  };
}

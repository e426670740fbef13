/** The worker program with runs on the real engine, and with a gate before and after everything it does for them. */
import { installationSettings } from '../../config/settings/installation.ts';
import { readSettings } from '../../config/settings.ts';
import { openHostId } from '../../config/host-id.ts';
import { openInstallation } from '../../config/installation.ts';
import { createLogger } from '../../config/logger.ts';
import { openKeyring } from '../../config/open-keyring.ts';
import { stopSignal } from '../../config/stop-signal.ts';
import { temporalTarget } from '../../config/temporal.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { openBlobStore } from '../../store/blobs/open-blob-store.ts';
import { openStore } from '../../store/open-store.ts';
import { installTelemetry } from '../../workers/telemetry.ts';
import { runWorker } from '../../workers/worker.ts';
import { agentImage } from '../support/agents/container.ts';
import { testRepositoryParts } from '../support/repository-parts.ts';
import type { Gate } from './gated-store.ts';
import { pass } from './gates.ts';
import { gatedBlobs, gatedEngine, gatedRunStore } from './run-gates.ts';
import { RunWorkerOrder } from './run-worker-order.ts';

const order = RunWorkerOrder.parse(JSON.parse(process.argv[2] ?? ''));
const settings = readSettings(installationSettings, process.env);
const stop = stopSignal();
const log = createLogger(settings, 'worker');
installTelemetry(log, 'off');

const gate: Gate = async (runId, point) => {
  if (runId !== null) await pass(order.gates, runId, point);
};
const { home, name: installation } = await openInstallation(settings);
const keyring = await openKeyring(settings);
const store = gatedRunStore(await openStore({ home, keyring }), gate);
const blobs = gatedBlobs(await openBlobStore({ home }), gate);

try {
  await runWorker(
    {
      ...{ keyring, log, blobs, store, temporal: temporalTarget(), providers: [], names: [] },
      callbackWay: { rules: { insecureHosts: [order.callbackHost], privateHosts: [order.callbackHost] } },
      machineSettings: { apiUrl: 'http://127.0.0.1:1', heartbeatSeconds: 30, deadManMinutes: 10, tls: 'internal' },
      upkeep: {
        orphanSweep: 'remove',
        orphanSweepMinutes: 10,
        orphanAgeMinutes: 15,
        retentionDays: 30,
        blobRetentionDays: 30,
      },
      repositories: testRepositoryParts(home, [order.gitHost], order.gitHubHosts),
      gateway: connectToGateway(home),
      isControlPlane: true,
      runner: {
        runs: {
          engine: gatedEngine(openDockerEngine(), gate),
          installation,
          limits: { cpus: 2, memoryBytes: 1024 ** 3 },
        },
        ensureImage: () => agentImage(),
        hostId: await openHostId({ PAWL_HOME: home }),
        places: order.places,
      },
      maxCachedWorkflows: 100,
    },
    stop,
  );
} finally {
  await store.close();
}

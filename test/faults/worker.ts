/** The worker program with a scripted provider, and with a gate before and after everything it does to the world. */
import { installationSettings } from '../../config/settings/installation.ts';
import { readSettings } from '../../config/settings.ts';
import { openInstallation } from '../../config/installation.ts';
import { createLogger } from '../../config/logger.ts';
import { openKeyring } from '../../config/open-keyring.ts';
import { stopSignal } from '../../config/stop-signal.ts';
import { temporalTarget } from '../../config/temporal.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import { openBlobStore } from '../../store/blobs/open-blob-store.ts';
import { openStore } from '../../store/open-store.ts';
import { installTelemetry } from '../../workers/telemetry.ts';
import { runWorker } from '../../workers/worker.ts';
import { testRepositoryParts } from '../support/repository-parts.ts';
import { createScriptedProvider } from '../support/scripted-provider.ts';
import { gatedStore, type Gate } from './gated-store.ts';
import { pass } from './gates.ts';
import { WorkerOrder } from './worker-order.ts';

const order = WorkerOrder.parse(JSON.parse(process.argv[2] ?? ''));
const settings = readSettings(installationSettings, process.env);
const stop = stopSignal();
const log = createLogger(settings, 'worker');
installTelemetry(log, 'off');

const gate: Gate = async (holder, point) => {
  if (order.gates !== null && holder !== null) await pass(order.gates, holder, point);
};
const { home } = await openInstallation(settings);
const keyring = await openKeyring(settings);
const store = await openStore({ home, keyring });
const blobs = await openBlobStore({ home });
const provider = createScriptedProvider({
  folder: order.cloud,
  connectTo: { host: '127.0.0.1', port: order.terminalPort },
  before: (call, workspaceId) => gate(workspaceId, `before ${call}`),
  after: (call, workspaceId) => gate(workspaceId, `after ${call}`),
});

try {
  await runWorker(
    {
      ...{ keyring, log, blobs, temporal: temporalTarget(), store: gatedStore(store, gate), providers: [{ provider }] },
      names: [],
      callbackWay: { rules: { insecureHosts: ['127.0.0.1'], privateHosts: ['127.0.0.1'] } },
      machineSettings: { apiUrl: order.machineApiUrl, heartbeatSeconds: 1, deadManMinutes: 10, tls: 'internal' },
      upkeep: {
        orphanSweep: 'remove',
        orphanSweepMinutes: 10,
        orphanAgeMinutes: 15,
        retentionDays: 30,
        blobRetentionDays: 30,
      },
      repositories: testRepositoryParts(home),
      gateway: connectToGateway(home),
      isControlPlane: true,
      maxCachedWorkflows: 100,
    },
    stop,
  );
} finally {
  await store.close();
}

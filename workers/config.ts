/** The settings of the worker process; the only place where it reads its environment. */
import { z } from 'zod';
import { readSettings } from '../config/settings.ts';
import { blobSettings } from '../config/settings/blobs.ts';
import { callbackSettings } from '../config/settings/callbacks.ts';
import { hostSettings } from '../config/settings/host.ts';
import { installationSettings } from '../config/settings/installation.ts';
import { listenerSettings } from '../config/settings/listeners.ts';
import { agentSettings } from '../config/settings/agents.ts';
import { gatewaySettings } from '../config/settings/gateway.ts';
import { machineSettings } from '../config/settings/machines.ts';
import { gitHubSettings } from '../config/settings/github.ts';
import { repositorySettings } from '../config/settings/repositories.ts';
import { runnerSettings } from '../config/settings/runners.ts';
import { temporalSettings } from '../config/settings/temporal.ts';
import { upkeepSettings } from '../config/settings/upkeep.ts';
import { workspaceSettings } from '../config/settings/workspaces.ts';

/** Every setting of the worker process, with its default; the providers' own come beside them. */
export const workerSettings = z.object({
  ...installationSettings.shape,
  ...hostSettings.pick({ PAWL_CACHE_DIR: true, PAWL_NO_INSTALL: true }).shape,
  ...listenerSettings.pick({ CODEC_SERVER_PORT: true, WORKER_METRICS_ADDRESS: true }).shape,
  ...temporalSettings.pick({ TEMPORAL_UI_ORIGIN: true, MAX_CACHED_WORKFLOWS: true }).shape,
  ...machineSettings.omit({ MACHINE_PROVIDER: true }).shape,
  ...upkeepSettings.shape,
  ...blobSettings.shape,
  ...callbackSettings.shape,
  ...repositorySettings.shape,
  ...gitHubSettings.shape,
  ...workspaceSettings.pick({ GIT_INSECURE_HOSTS: true }).shape,
  ...runnerSettings.shape,
  ...agentSettings.shape,
  ...gatewaySettings.pick({ PAWL_HOST_ID: true }).shape,
});

export type WorkerSettings = z.infer<typeof workerSettings>;

/** Fails with `SettingsError`, which names every setting at fault. */
export function readWorkerSettings(): WorkerSettings {
  return readSettings(workerSettings, process.env);
}

/** The settings of one provider, of machines or of names, which its own file describes. */
export function readProviderSettings<Settings extends z.ZodObject>(definition: {
  settings: Settings;
}): z.infer<Settings> {
  return readSettings(definition.settings, process.env);
}

/** The settings of the worker process; the only place where it reads its environment. */
import { z } from 'zod';
import { installationSettings, Port, readSettings } from '../config/settings.ts';
import { defaultCacheFolder } from '../engine/cache-folder.ts';
import type { MachineProviderDefinition } from '../activities/providers/provider.ts';

const Minutes = z.coerce.number().positive();

export const workerSettings = installationSettings.extend({
  PAWL_CACHE_DIR: z
    .string()
    .default(() => defaultCacheFolder())
    .describe("Folder for what is expensive to get, like the Temporal server. The user's cache folder by default."),
  MACHINE_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://host.docker.internal:3101')
    .describe('Base URL under which machines reach the control plane: its second listener, or the proxy before it.'),
  HEARTBEAT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('Seconds between two heartbeats of a machine.'),
  DEAD_MAN_MINUTES: Minutes.default(60).describe(
    'Minutes without an accepted heartbeat after which a machine powers itself off.',
  ),
  ORPHAN_SWEEP_MINUTES: Minutes.default(10).describe('Minutes between two sweeps for things that no workspace owns.'),
  ORPHAN_AGE_MINUTES: Minutes.default(15).describe('The sweep spares what is younger than this many minutes.'),
  RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe(
      'Days for which ended workspaces can still be read: their workflows, and their events since the last one.',
    ),
  WORKER_METRICS_ADDRESS: z
    .string()
    .default('127.0.0.1:9464')
    .describe("Address of the worker's Prometheus metrics; `off` for none."),
  CODEC_SERVER_PORT: Port.optional().describe(
    'Loopback port of the codec server, by which the Temporal Web UI shows decoded payloads. Unset: none.',
  ),
  TEMPORAL_UI_ORIGIN: z
    .url()
    .default('http://127.0.0.1:8233')
    .describe('Origin of the Temporal Web UI, the only one that the codec server answers.'),
  MAX_CACHED_WORKFLOWS: z.coerce
    .number()
    .int()
    .min(10)
    .default(1000)
    .describe('Workflows kept in memory; one that is not is replayed from its history when something happens to it.'),
});

export type WorkerSettings = z.infer<typeof workerSettings>;

/** Fails with `SettingsError`, which names every setting at fault. */
export function readWorkerSettings(): WorkerSettings {
  return readSettings(workerSettings, process.env);
}

/** The settings of one provider, which its own file describes. */
export function readProviderSettings<Settings extends z.ZodObject>(
  definition: MachineProviderDefinition<Settings>,
): z.infer<Settings> {
  return readSettings(definition.settings, process.env);
}

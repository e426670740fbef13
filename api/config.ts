/** The settings of the API process; the only place where it reads its environment. */
import { z } from 'zod';
import { endpointSettings } from '../config/model-endpoints.ts';
import { readSettings } from '../config/settings.ts';
import { blobSettings } from '../config/settings/blobs.ts';
import { callbackSettings } from '../config/settings/callbacks.ts';
import { gitHubSettings } from '../config/settings/github.ts';
import { installationSettings } from '../config/settings/installation.ts';
import { listenerSettings } from '../config/settings/listeners.ts';
import { machineSettings } from '../config/settings/machines.ts';
import { runnerSettings } from '../config/settings/runners.ts';
import { runSettings } from '../config/settings/runs.ts';
import { workspaceSettings } from '../config/settings/workspaces.ts';
import { RateLimitsSetting } from './rate-limits.ts';

/** What a caller may ask of the API. */
export const requestSettings = z.object({
  RATE_LIMITS: RateLimitsSetting.describe(
    'Limits per token, like `create=10/h,read=100/min`; what is not named keeps its default. `off` lifts them all.',
  ),
  BODY_LIMIT: z
    .string()
    .regex(/^\d+(kb|mb)$/)
    .default('64kb')
    .describe('Largest request body, in `kb` or `mb`.'),
});

/** Every setting of the API process, with its default. */
export const apiSettings = z.object({
  ...installationSettings.shape,
  ...listenerSettings.pick({ HOST: true, PORT: true, API_TOKEN: true, MACHINE_API_HOST: true, MACHINE_API_PORT: true })
    .shape,
  ...requestSettings.shape,
  ...machineSettings.pick({ MACHINE_PROVIDER: true }).shape,
  ...workspaceSettings.shape,
  ...runSettings.shape,
  ...runnerSettings.pick({ RUNNER_PLACES: true }).shape,
  ...endpointSettings.shape,
  ...gitHubSettings.shape,
  ...callbackSettings.shape,
  ...blobSettings.shape,
});

export type ApiSettings = z.infer<typeof apiSettings>;

/** Fails with `SettingsError`, which names every setting at fault. */
export function readApiSettings(environment: NodeJS.ProcessEnv = process.env): ApiSettings {
  return readSettings(apiSettings, environment);
}

/** What the router reads from its environment. */
import type { z } from 'zod';
import { readSettings } from '../config/settings.ts';
import { installationSettings } from '../config/settings/installation.ts';
import { listenerSettings } from '../config/settings/listeners.ts';

/** Every setting of the router, with its default. */
export const routerSettings = installationSettings
  .pick({ PAWL_HOME: true, PAWL_INSTALLATION: true })
  .extend(listenerSettings.pick({ MACHINES_PORT: true }).shape);

/** The router's settings, with every problem reported at once. */
export function readRouterSettings(environment = process.env): z.infer<typeof routerSettings> {
  return readSettings(routerSettings, environment);
}

/** What the router reads from its environment. */
import { z } from 'zod';
import { Port, readSettings } from '../config/settings.ts';

const routerSettings = z.object({
  MACHINES_PORT: Port.default(8443).describe('Port on 127.0.0.1 under which local machines are reached by name.'),
});

/** The router's settings, with every problem reported at once. */
export function readRouterSettings(environment = process.env): z.infer<typeof routerSettings> {
  return readSettings(routerSettings, environment);
}

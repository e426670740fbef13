/** The settings of the gateway process; the only place where it reads its environment. */
import { z } from 'zod';
import { readSettings } from '../config/settings.ts';
import { blobSettings } from '../config/settings/blobs.ts';
import { gatewaySettings as ownSettings } from '../config/settings/gateway.ts';
import { installationSettings } from '../config/settings/installation.ts';

/** Every setting of the gateway, with its default. */
export const gatewaySettings = z.object({
  ...installationSettings.shape,
  ...blobSettings.shape,
  ...ownSettings.shape,
});

export type GatewaySettings = z.infer<typeof gatewaySettings>;

/** Fails with `SettingsError`, which names every setting at fault. */
export function readGatewaySettings(environment: NodeJS.ProcessEnv = process.env): GatewaySettings {
  return readSettings(gatewaySettings, environment);
}

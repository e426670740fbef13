import type { z } from 'zod';
import { installationSettings, readSettings } from '../config/settings.ts';

/** The installation's settings from the environment; throws `SettingsError` with every problem at once. */
export function readInstallationSettings(): z.infer<typeof installationSettings> {
  return readSettings(installationSettings, process.env);
}

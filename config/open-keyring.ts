import type { z } from 'zod';
import { createKeyring } from '../store/keyring.ts';
import type { Keyring } from '../store/keyring.ts';
import { openInstallation } from './installation.ts';
import { readKeyFile } from './key-file.ts';
import type { installationSettings } from './settings/installation.ts';

type KeyringSettings = Pick<
  z.infer<typeof installationSettings>,
  'PAWL_HOME' | 'PAWL_INSTALLATION' | 'PAWL_SECRET_KEY'
>;

/** The installation's keyring. One that comes from the key file follows rotations; the environment of a process is fixed. */
export async function openKeyring(settings: KeyringSettings): Promise<Keyring> {
  const { home, keys } = await openInstallation(settings);
  return createKeyring(keys, settings.PAWL_SECRET_KEY ? undefined : () => readKeyFile(home));
}

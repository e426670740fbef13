/** Who this machine is: the values it was rendered with. */
import { readFileSync } from 'node:fs';
import type { UserDataValues } from '../values.ts';

export type MachineSettings = UserDataValues;

/** Where the repository lies; also CloudCLI's root. */
export const workspaceFolder = '/workspace';

/** The unprivileged user who owns the workspace. */
export const workspaceUser = 'dev';

/** Reads the settings that cloud-init wrote. Fails when the file is missing or broken. */
export function readMachineSettings(file = '/etc/pawl/machine.json'): MachineSettings {
  return JSON.parse(readFileSync(file, 'utf8')) as MachineSettings;
}

/** Where the gateway's sockets are. */
import path from 'node:path';
import { SettingsError } from '../config/settings.ts';

/** The kernel keeps a socket's path in 108 bytes, with a zero at the end. */
const longestSocketPath = 107;

/** Folder with one folder a door. */
export function doorsFolder(home: string): string {
  return path.join(home, 'gateway', 'doors');
}

/** Socket on which the gateway hears what it is to open and close. */
export function controlSocket(home: string): string {
  return path.join(home, 'gateway', 'control.sock');
}

/** Throws `SettingsError` when a home is too long for the sockets below it. */
export function checkSocketPaths(home: string): void {
  const longest = path.join(doorsFolder(home), 'run-0123456789', 'gw.sock.new');
  const excess = Buffer.byteLength(longest) - longestSocketPath;
  if (excess > 0) {
    throw new SettingsError(`PAWL_HOME is ${excess} bytes too long: the kernel limits the paths of sockets below it.`);
  }
}

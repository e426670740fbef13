/** Puts our systemd units where systemd looks for them. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const systemd = '/etc/systemd/system';
const source = path.join(import.meta.dirname, 'units');

/** Installs a unit of ours. */
export function installUnit(unit: string): void {
  cpSync(path.join(source, unit), path.join(systemd, unit));
}

/** Changes a unit that a distribution brought (or one of ours) by a file of ours. */
export function installDropIn(unit: string, dropIn: string): void {
  cpSync(path.join(source, dropIn), path.join(dropInFolder(unit), 'pawl.conf'));
}

/** The same, with text made here. */
export function writeDropIn(unit: string, text: string): void {
  writeFileSync(path.join(dropInFolder(unit), 'pawl.conf'), text);
}

function dropInFolder(unit: string): string {
  const folder = path.join(systemd, `${unit}.d`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

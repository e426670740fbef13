/** The files that every machine gets, as they lie in `on-machine/`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface MachineFile {
  path: string;
  permissions: string;
  content: string;
}

const source = path.join(import.meta.dirname, 'on-machine');

/** Every program, unit and template of `on-machine/` with its place on the machine, in a stable order. */
export function machineFiles(): MachineFile[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)))
    .sort()
    .map((name) => ({
      path: `/opt/pawl/${name}`,
      permissions: '0644',
      content: readFileSync(path.join(source, name), 'utf8'),
    }));
}

/** Which processes run for this home: `run/<name>.json`. They outlive a killed supervisor, so that the next one knows. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identifyProcess, ProcessIdentity } from './process-identity.ts';

export interface RunRecords {
  /** Synchronous, so that nothing can happen between the start of a process and its record. */
  write(name: string, pid: number): void;
  /** The recorded process, running or not. */
  read(name: string): ProcessIdentity | undefined;
  remove(name: string): void;
  names(): string[];
  folder: string;
}

/** The records under this home; the folder is made when it is missing. */
export function openRunRecords(home: string): RunRecords {
  const folder = path.join(home, 'run');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (name: string) => path.join(folder, `${name}.json`);
  return {
    folder,
    write: (name, pid) => writeRecord(fileOf(name), pid),
    read: (name) => readRecord(fileOf(name)),
    remove: (name) => rmSync(fileOf(name), { force: true }),
    names: () => readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [path.parse(file).name] : [])),
  };
}

function writeRecord(file: string, pid: number): void {
  const identity = identifyProcess(pid);
  if (!identity) return;
  writeFileSync(`${file}.draft`, JSON.stringify(identity), { mode: 0o600 });
  renameSync(`${file}.draft`, file);
}

/** A record that cannot be read tells nothing, like one that is not there. */
function readRecord(file: string): ProcessIdentity | undefined {
  try {
    return ProcessIdentity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

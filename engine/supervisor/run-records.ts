/** Which processes run for this home: `run/<name>.json`. They outlive a killed supervisor, so that the next one knows. */
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** The records under this home; the folder is made with the first one. */
export function openRunRecords(home: string): RunRecords {
  const folder = path.join(home, 'run');
  const fileOf = (name: string) => path.join(folder, `${name}.json`);
  return {
    folder,
    write: (name, pid) => writeRecord(fileOf(name), pid),
    read: (name) => readRecord(fileOf(name)),
    remove: (name) => rmSync(fileOf(name), { force: true }),
    names: () => globSync('*.json', { cwd: folder }).map((file) => path.parse(file).name),
  };
}

function writeRecord(file: string, pid: number): void {
  const identity = identifyProcess(pid);
  if (!identity) return;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
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

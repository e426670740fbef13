/** Who runs here, as `/proc` tells. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { run } from '../run.ts';

const agentPrograms = ['claude', 'codex', 'node'];

/** The terminal's own main process, which is always there and so says nothing; 0 while it does not run. */
export async function terminalProcess(): Promise<number> {
  try {
    return Number(await run('systemctl', ['show', '--property=MainPID', '--value', 'cloudcli.service']));
  } catch {
    return 0;
  }
}

/** All process ids. */
export function processIds(proc = '/proc'): number[] {
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Processes that run an agent, here or in a container, without the terminal itself and without our own programs. */
export function agentProcesses(terminalPid: number, proc = '/proc'): number[] {
  return processIds(proc).filter(
    (pid) => pid !== terminalPid && agentPrograms.includes(programOf(pid, proc)) && !isOurs(pid, proc),
  );
}

function isOurs(pid: number, proc: string): boolean {
  return readOf(pid, 'cmdline', proc).includes('\0/opt/pawl/');
}

/** By its file, not its name: Node calls its process `MainThread`. */
function programOf(pid: number, proc: string): string {
  return path.basename(linkOf(path.join(proc, String(pid), 'exe')));
}

/** One process id for each distinct network namespace among `pids`. */
export function networkNamespaces(pids: readonly number[], proc = '/proc'): number[] {
  const representatives = new Map(pids.map((pid) => [linkOf(path.join(proc, String(pid), 'ns/net')), pid]));
  representatives.delete('');
  return [...representatives.values()];
}

/** Text of a file below a process, or nothing when the process is gone. */
export function readOf(pid: number, file: string, proc = '/proc'): string {
  try {
    return readFileSync(path.join(proc, String(pid), file), 'utf8');
  } catch {
    return '';
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** Ending what an agent started. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Signals the process group that this process leads; a group that is gone is fine. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills the agent's group, and in the container every other process as well: tools may lead groups of their own. */
export async function endProcesses(leader: number | undefined): Promise<void> {
  signalGroup(leader, 'SIGKILL');
  if (await isAlone()) await killOthers();
}

/** Whether the first process of this world was started for nothing but the agent host. */
async function isAlone(): Promise<boolean> {
  const first = (await readFile('/proc/1/cmdline', 'utf8').catch(() => '')).split('\0');
  return process.ppid === 1 && first.includes(path.resolve(import.meta.dirname, '../main.ts'));
}

/** Until there are none: one that is being started while others are killed is killed in the next round. */
async function killOthers(): Promise<void> {
  for (;;) {
    const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 1 && pid !== process.pid);
    const living = await Promise.all(pids.map(async (pid) => ((await isRunning(pid)) ? [pid] : [])));
    if (living.flat().length === 0) return;
    for (const pid of living.flat()) kill(pid);
  }
}

/** Zombies wait for the first process to bury them. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  return state !== '' && state !== 'Z';
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

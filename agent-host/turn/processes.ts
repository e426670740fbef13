/** Ending what an agent started. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Signals the process group that this process leads; a group that is gone is fine. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Kills the agent's group, and in the container whatever else it has started: tools may lead groups and sessions of their
 * own. What the host itself has started stays.
 */
export async function endProcesses(leader: number | undefined): Promise<void> {
  signalGroup(leader, 'SIGKILL');
  if (await isAlone()) await killOthers();
}

/** Whether the first process of this world was started for nothing but the agent host. */
async function isAlone(): Promise<boolean> {
  const first = (await readFile('/proc/1/cmdline', 'utf8').catch(() => '')).split('\0');
  return process.ppid === 1 && first.includes(path.resolve(import.meta.dirname, '../main.ts'));
}

const longestMs = 3000;
const pauseMs = 10;

/** In rounds until there are none, for killing takes effect a little later; only what the kernel holds is given up. */
async function killOthers(): Promise<void> {
  const since = performance.now();
  while ((await killRound()) > 0 && performance.now() - since < longestMs) await sleep(pauseMs);
}

/** Returns how many there were. All stand still meanwhile: what multiplies faster than it is looked at would get away. */
async function killRound(): Promise<number> {
  signal(-1, 'SIGSTOP');
  const all = await readProcesses();
  const others = all.filter(({ pid }) => pid !== 1 && !isOurs(pid, all));
  for (const { pid } of others) signal(pid, 'SIGKILL');
  signal(-1, 'SIGCONT');
  return others.length;
}

interface Process {
  pid: number;
  parent: number;
}

/** Those that run. Zombies wait for the first process to bury them. */
async function readProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name of a program stands before, in brackets, and may hold anything.
      const [state = 'Z', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return stat === '' || state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent) }];
    }),
  );
  return found.flat();
}

/** Whether it is the host or descends from it. The agent's own descendants have lost their parent, and with it that descent. */
function isOurs(pid: number, all: Process[]): boolean {
  if (pid === process.pid) return true;
  const parent = all.find((one) => one.pid === pid)?.parent ?? 0;
  return parent > 1 && isOurs(parent, all);
}

/** To one process, or with -1 to all but the first and this one; none there is fine. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile.
  }
}

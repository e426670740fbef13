/** Telling a process from a later one that got the same pid. */
import { execaSync } from 'execa';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A process: its pid, and when it started in the words of the operating system. */
export const ProcessIdentity = z.object({ pid: z.int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** The identity of a running process, or `undefined` when there is none with this pid (a zombie has ended, too). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still runs. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.startedAt === startedAt;
}

/** Clock ticks since boot, and which boot: ticks alone could repeat after a restart of the machine. */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name comes second, in parentheses, and may itself hold spaces and parentheses.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return state === 'Z' ? undefined : `${boot} ${fields[18]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  const { stdout, failed } = execaSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { reject: false });
  const [state, ...start] = stdout.trim().split(/\s+/);
  return failed || state?.startsWith('Z') ? undefined : start.join(' ');
}

/** What the machine shows of the processes of an installation to whoever may look into /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Installation, InstallationProcess } from '../support/installation.ts';

/** One of the installation's own, or `git` with its helpers, which the worker starts. */
export type Role = InstallationProcess | 'git';

export interface ProcessWatch {
  /** Looks once; processes that have ended stay known. */
  look(): void;
  seen(): Sighting[];
}

export interface Sighting {
  role: Role;
  command: Buffer;
  environment: Buffer;
}

/** Nothing is looked at before `look`. */
export function watchProcesses({ processes }: Pick<Installation, 'processes'>): ProcessWatch {
  const seen = new Map<string, Sighting>();
  return {
    look() {
      const roles = new Map<number, Role>(processes().map(({ name, pid }) => [pid, name]));
      const parents = parentsByPid();
      for (const pid of parents.keys()) {
        const role = roles.get(pid) ?? (descendsFrom(pid, 'worker') ? 'git' : undefined);
        const command = role && read(pid, 'cmdline');
        // The same process is another program after it has become git.
        if (role && command)
          seen.set(`${pid} ${command.toString()}`, { role, command, environment: read(pid, 'environ') });
      }

      function descendsFrom(pid: number, ancestor: Role): boolean {
        const parent = parents.get(pid);
        return parent !== undefined && (roles.get(parent) === ancestor || descendsFrom(parent, ancestor));
      }
    },
    seen: () => [...seen.values()],
  };
}

function parentsByPid(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [Number(pid), parentOf(read(Number(pid), 'stat').toString())]));
}

/** The command's name comes second, in parentheses, and may hold spaces and parentheses. */
function parentOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

/** Empty for a process that has ended. */
function read(pid: number, file: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What processes use, by the kernel's own accounts (Linux). */
import { readFileSync } from 'node:fs';

export interface Usage {
  cpuSeconds: number;
  rssBytes: number;
}

/** The kernel counts processor time in hundredths of a second, and memory in pages, on every platform that Node runs on. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** Since the process began; memory as it is now. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name comes second, in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks, rssPages] = [11, 12, 21].map((index) => Number(fields[index])) as [
    number,
    number,
    number,
  ];
  return { cpuSeconds: (userTicks + systemTicks) / ticksPerSecond, rssBytes: rssPages * pageBytes };
}

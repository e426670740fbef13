/** CPU time of the workspace user's processes. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { workspaceUser } from '../machine.ts';
import { processIds, readOf } from './processes.ts';

/** Linux shows CPU time in hundredths of a second, whatever its kernel counts in. */
const msPerTick = 10;

/**
 * CPU milliseconds by process, keyed by id and start time (ids are used again). Containers' processes are left out: their
 * control group counts better, because it also holds what short-lived children used.
 */
export function processCpuMs(terminalPid: number, proc = '/proc', uid = workspaceUid()): Record<string, number> {
  const used: Record<string, number> = {};
  for (const pid of processIds(proc)) {
    if (pid === terminalPid || ownerOf(pid, proc) !== uid || isInContainer(pid, proc)) continue;
    const stat = parseStat(readOf(pid, 'stat', proc));
    if (stat !== undefined) used[`${pid}:${stat.startTime}`] = stat.ticks * msPerTick;
  }
  return used;
}

/** Fields of `/proc/<pid>/stat`, counted after the program's name, which may itself hold spaces and brackets. */
export function parseStat(stat: string): { ticks: number; startTime: string } | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks, startTime] = [fields[11], fields[12], fields[19]];
  if (startTime === undefined) return undefined;
  return { ticks: Number(userTicks) + Number(systemTicks), startTime };
}

function isInContainer(pid: number, proc: string): boolean {
  return /[/:]docker[/-]/.test(readOf(pid, 'cgroup', proc));
}

function ownerOf(pid: number, proc: string): number | undefined {
  return statSync(path.join(proc, String(pid)), { throwIfNoEntry: false })?.uid;
}

function workspaceUid(): number {
  return statSync(`/home/${workspaceUser}`, { throwIfNoEntry: false })?.uid ?? -1;
}

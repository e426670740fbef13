/** Signal `ssh`: people (and editors) who came in by ssh. */
import { run } from '../run.ts';
import { quietSecondsOf } from './terminals.ts';

/** Seconds since ssh sessions did something; `Infinity` without any. */
export async function sshQuietSeconds(epochSeconds: number): Promise<number> {
  const sessions = sshSessions(await run('ps', ['-eo', 'args=']));
  return Math.min(Infinity, ...sessions.map((at) => (at === 'notty' ? 0 : quietSecondsOf(at, epochSeconds))));
}

/**
 * Where each authenticated session sits: `pts/<n>`, or `notty` for an editor, a copy or a tunnel, which is at work for as
 * long as it is there. Process names tell what `who` and the port do not: no-terminal sessions, and scanners to ignore.
 */
export function sshSessions(processList: string): string[] {
  return [...processList.matchAll(/^sshd: [^ ]+@(pts\/\d+|notty)/gm)].flatMap(([, at]) => at ?? []);
}

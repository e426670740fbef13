import { execa } from 'execa';
import { type Finding, found, missing } from './requirement.ts';

/** Looks for the first of these programs that runs, asked for its version. */
export async function findProgram(candidates: readonly string[], versionFlag = '--version'): Promise<Finding> {
  for (const candidate of candidates) {
    const asked = await execa(candidate, [versionFlag], { reject: false, timeout: 10_000 });
    const firstLine = (asked.stdout || asked.stderr).split('\n')[0];
    if (!asked.failed) return found(firstLine ?? candidate);
  }
  return missing(`no ${candidates[0]} on PATH`);
}

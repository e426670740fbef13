import { execa } from 'execa';
import { type Finding, found, missing } from './requirement.ts';

/** Looks for the first of these programs that runs, asked for its version. */
export async function findProgram(candidates: readonly string[], versionFlag = '--version'): Promise<Finding> {
  for (const candidate of candidates) {
    const { failed, all } = await execa(candidate, [versionFlag], { reject: false, all: true, timeout: 10_000 });
    if (!failed) return found(all.split('\n')[0] ?? candidate);
  }
  return missing(`no ${candidates[0]} on PATH`);
}

/** Small programs for a supervisor to run. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessDefinition } from '../../engine/supervisor/process-definition.ts';
import { until } from '../../engine/until.ts';

/** A Node program that notes `<name> started` and, when told to end, `<name> ended` in the folder's diary. */
export function diarist(folder: string, name: string, extra = ''): ProcessDefinition {
  const script = `
    const { appendFileSync } = require('node:fs');
    const note = (what) => appendFileSync(${JSON.stringify(diaryFile(folder))}, '${name} ' + what + '\\n');
    process.on('disconnect', () => process.exit());
    process.on('SIGTERM', () => { note('ended'); process.exit(); });
    ${extra}
    note('started');`;
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    env: {},
    exitsWithSupervisor: true,
    drainMs: 5_000,
    untilReady: (signal) => untilNoted(folder, `${name} started`, 1, signal),
  };
}

/** The diary's lines so far. */
export async function readDiary(folder: string): Promise<string[]> {
  const content = await readFile(diaryFile(folder), 'utf8').catch(() => '');
  return content.split('\n').slice(0, -1);
}

/** Resolves once the diary has the line this often. */
export async function untilNoted(folder: string, line: string, times: number, signal?: AbortSignal): Promise<void> {
  const isNoted = async () => (await readDiary(folder)).filter((noted) => noted === line).length >= times;
  await until(`the diary says "${line}" ${times} times`, isNoted, { pollMs: 20, ...(signal && { signal }) });
}

function diaryFile(folder: string): string {
  return path.join(folder, 'diary');
}

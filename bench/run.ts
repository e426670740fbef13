/**
 * `npm run bench` measures everything and writes docs/performance.md; `npm run bench -- steps history` measures these alone,
 * and `--quick` measures little and writes nothing.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import type { Effort } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { describeConditions } from './report/conditions.ts';
import { writeResults } from './report/document.ts';

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
const effort: Effort = values.quick ? 'quick' : 'whole';

for (const name of wanted(positionals)) {
  const conditions = describeConditions();
  const results = `${conditions}\n\n${await measure(name)}`;
  console.log(`\n## ${name}\n\n${results}\n`);
  if (effort === 'whole') await writeResults(name, results);
}

function wanted(names: string[]): readonly string[] {
  const known = benchmarks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return names.length === 0 ? known : names;
}

async function measure(name: string): Promise<string> {
  const program = fileURLToPath(new URL('measure.ts', import.meta.url));
  const measuring = execa(process.execPath, [program, name, effort], {
    ipc: true,
    stdout: 'inherit',
    stderr: 'inherit',
    forceKillAfterDelay: false,
  });
  // It ends by itself, once it has cleared away what it made.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => measuring.kill(signal));
  const [results] = await Promise.all([measuring.getOneMessage(), measuring]);
  return results as string;
}

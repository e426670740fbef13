/**
 * The whole test suite: sees to it that the real parts it needs are there, runs the files, counts. A part that is missing
 * is named, and the run fails: a suite that quietly leaves tests out proves nothing.
 */
import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { prepareParts } from './support/parts.ts';

/** Real machines take both cores of a small host, so these files run alone, one after the other. */
const heavy = [
  'test/{providers,agents}.test.ts',
  'test/agent-host/{cancel,hostile,recovery,turns}.test.ts',
  'test/machine/**',
  'test/secrets/canaries.test.ts',
  'test/e2e/**',
  'test/faults/**',
  'test/no-leak/**',
  'test/smoke/**',
];

/** Every case of the fault matrix by itself takes its time; and the longest file else takes six minutes on an idle machine. */
const fileMinutes = process.env['FAULTS'] === 'whole' ? 60 : 20;

const everything = globSync('test/**/*.test.ts').toSorted();
const wanted = process.argv.slice(2).length > 0 ? globSync(process.argv.slice(2)).toSorted() : everything;
const isHeavy = new Set(globSync(heavy));

const missing = await prepareParts();
const light = await runFiles(
  wanted.filter((file) => !isHeavy.has(file)),
  2,
);
const alone = await runFiles(
  wanted.filter((file) => isHeavy.has(file)),
  1,
);

if (missing.length > 0) console.error(`\nMissing on this machine:\n${missing.join('\n')}`);
const failed = light.failed + alone.failed;
console.log(`\n${light.passed + alone.passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || missing.length > 0 ? 1 : 0;

async function runFiles(files: string[], concurrency: number): Promise<{ passed: number; failed: number }> {
  const count = { passed: 0, failed: 0 };
  if (files.length === 0) return count;
  const stream = run({ files, concurrency, timeout: fileMinutes * 60_000 });
  stream.on('test:pass', ({ details }) => void (details.type !== 'suite' && count.passed++));
  stream.on('test:fail', ({ details }) => void (details.type !== 'suite' && count.failed++));
  for await (const chunk of stream.compose(spec)) process.stdout.write(chunk);
  return count;
}

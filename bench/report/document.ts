/** The results' place in docs/performance.md: between `<!-- bench:<name> -->` and `<!-- /bench:<name> -->`. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const file = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Replaces what stands between the benchmark's markers. Rejects when the document has no such place. */
export async function writeResults(name: string, results: string): Promise<void> {
  const document = await readFile(file, 'utf8');
  const [opening, closing] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [start, end] = [document.indexOf(opening), document.indexOf(closing)];
  if (start < 0 || end < start) throw new Error(`docs/performance.md has no ${opening} … ${closing}`);
  const whole = `${document.slice(0, start + opening.length)}\n\n${results}\n\n${document.slice(end)}`;
  await writeFile(file, await format(whole, { ...(await resolveConfig(file)), filepath: file }));
}

/** One benchmark in a process of its own, so that none inherits another's heap: `node bench/measure.ts <name> <effort>`. */
import { sendMessage } from 'execa';
import type { Effort } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';

const [wanted, effort] = process.argv.slice(2);
const benchmark = benchmarks.find(({ name }) => name === wanted);
if (!benchmark) throw new Error(`No benchmark ${wanted}.`);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort(new Error(`Interrupted by ${signal}.`)));
}
/** A benchmark that is interrupted fails at its next report, and so clears away what it has made. */
const report = (line: string): void => {
  interrupted.signal.throwIfAborted();
  console.error(`${new Date().toISOString()} ${benchmark.name}: ${line}`);
};
// Not by way of standard output, where Temporal's core writes its own lines.
await sendMessage(await benchmark.run(effort as Effort, report));

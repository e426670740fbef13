/** One benchmark in a process of its own, so that none inherits another's heap: `node bench/measure.ts <name> <effort>`. */
import type { Effort } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';

const [wanted, effort] = process.argv.slice(2);
const benchmark = benchmarks.find(({ name }) => name === wanted);
if (!benchmark) throw new Error(`No benchmark ${wanted}.`);
const report = (line: string): void => console.error(`${new Date().toISOString()} ${benchmark.name}: ${line}`);
process.stdout.write(await benchmark.run(effort as Effort, report));

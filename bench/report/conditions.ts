import { availableParallelism, getPriority, loadavg, totalmem } from 'node:os';

/** Where and when a measurement began; a busy machine is to be seen in the load. */
export function describeConditions(): string {
  const date = new Date().toISOString().slice(0, 10);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const machine = `${availableParallelism()} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, Node ${process.versions.node}`;
  const priority = getPriority() === 0 ? '' : `, at priority ${getPriority()}`;
  return `Measured on ${date}: ${machine}; load of the machine when it began: ${load}${priority}.`;
}

/** What rounds of each case gave, and their rows. */
import { ratios, spread } from '../report/statistics.ts';
import { table } from '../report/table.ts';

export interface Times {
  firstMessageMs: number;
  totalMs: number;
}

export interface Figures {
  bare: Times[];
  pawl: Times[];
  /** Of Pawl's. */
  phases: { name: string; ms: number }[][];
}

export interface Measured {
  name: string;
  /** What the case is about. */
  looksAt: readonly (keyof Times)[];
  figures: Figures;
}

const names: Record<keyof Times, string> = { firstMessageMs: 'first message', totalMs: 'to the end' };

export function timesTable(all: readonly Measured[]): string {
  const rows = all.flatMap(({ name, looksAt, figures }) =>
    looksAt.map((kind) => [`${name}: ${names[kind]}`, ...cells(figures, kind)]),
  );
  return table(['the agent …', 'without Pawl, s', 'a run, s', 'Pawl adds, s', 'a run / without'], rows);
}

function cells({ bare, pawl }: Figures, kind: keyof Times): string[] {
  const [without, run] = [bare, pawl].map((times) => times.map((time) => time[kind] / 1000)) as [number[], number[]];
  const more = run.map((seconds, index) => seconds - (without[index] ?? Number.NaN));
  return [spread(without, 2), spread(run, 2), spread(more, 2), spread(ratios(run, without), 2)];
}

export function phaseTable({ phases }: Figures): string {
  const rows = phases[0]?.map(({ name }, index) => {
    const values = phases.map((one) => one[index]?.ms ?? Number.NaN);
    return [name, spread(values, 0)];
  });
  return table(['', 'ms'], rows ?? []);
}

/** What crowds of one size gave, and their rows. */
import { ratios, spread } from '../report/statistics.ts';
import { table } from '../report/table.ts';
import type { Cost } from './cost.ts';
import type { Crowd } from './crowd.ts';

export interface Figures {
  size: number;
  bare: Crowd[];
  pawl: Crowd[];
  /** Of Pawl's crowds. */
  costs: Cost[];
}

export function speedTable(figures: readonly Figures[]): string {
  const head = ['at once', 'bare, a second', 'runs a second', 'runs / bare', 'bare, each, s', 'a run, each, s'];
  const rows = figures.map(({ size, bare, pawl }) => [
    ...[String(size), spread(rates(bare), 2), spread(rates(pawl), 2), spread(ratios(rates(pawl), rates(bare)), 2)],
    ...[spread(eachOf(bare), 1), spread(eachOf(pawl), 1)],
  ]);
  return table(head, rows);
}

export function costTable(figures: readonly Figures[]): string {
  const head = ['at once', 'busy cores', 'processor time of a run, s', 'of it Temporal + worker + API + gateway, s'];
  const rows = figures.map(({ size, costs }) => {
    const [cores, all] = [costs.map((cost) => cost.busyCores), costs.map((cost) => cost.seconds / size)];
    return [String(size), spread(cores, 2), spread(all, 2), spread(costs.map(ofPawl(size)), 2)];
  });
  return table(head, rows);
}

function ofPawl(size: number): (cost: Cost) => number {
  return ({ ofParts }) => Object.values(ofParts).reduce((sum, seconds) => sum + seconds, 0) / size;
}

function rates(crowds: readonly Crowd[]): number[] {
  return crowds.map(({ perSecond }) => perSecond);
}

function eachOf(crowds: readonly Crowd[]): number[] {
  return crowds.flatMap(({ eachSeconds }) => eachSeconds);
}

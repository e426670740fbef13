import type { MachineCost, Store } from '../../store/store.ts';
import type { Cost } from '../cost-answers.ts';
import { microsOf } from './amounts.ts';
import { decimal } from './money.ts';

/** What the workspace has cost until now, or until its removal was proven; `null` when it costs nothing. */
export async function readCost({ costs }: Pick<Store, 'costs'>, workspaceId: string, now: Date): Promise<Cost | null> {
  return costOf(await costs.ofWorkspace(workspaceId), (machine) => microsOf(machine, now));
}

/** One workspace's machines, usually a single one, as one cost. `null` for no machines. */
export function costOf(machines: readonly MachineCost[], micros: (machine: MachineCost) => number): Cost | null {
  const [first] = machines;
  if (!first) return null;
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const existing = machines.filter(({ until }) => until === null);
  const priced = existing.length > 0 ? existing : machines.slice(-1);
  const ends = machines.map(({ until }) => until ?? '').toSorted();
  return {
    amount: decimal(sum(machines.map(micros))),
    currency: first.currency,
    hourlyPrice: decimal(sum(priced.map(({ hourlyMicros }) => hourlyMicros))),
    since: first.since,
    until: existing.length > 0 ? null : (ends.at(-1) ?? null),
  };
}

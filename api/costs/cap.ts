/** The cap on what a month may cost: when it is reached, creation pauses. What exists goes on. */
import type { MachineCost } from '../../store/store.ts';
import type { CostCap } from '../cost-answers.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { microsIn, monthOf } from './amounts.ts';
import { decimal } from './money.ts';

/** How far the month is from its cap; `null` when there is none. Money of other currencies does not count. */
export async function readCostCap({ store, settings }: Services, now: Date): Promise<CostCap | null> {
  const cap = settings.MONTHLY_COST_CAP;
  if (!cap) return null;
  const month = monthOf(now);
  const machines = (await store.costs.between(month.from, month.to)).filter(
    ({ currency }) => currency === cap.currency,
  );
  const spent = machines.reduce((total: number, machine: MachineCost) => total + microsIn(month, machine, now), 0);
  return {
    amount: decimal(cap.micros),
    currency: cap.currency,
    spent: decimal(spent),
    reached: spent >= cap.micros,
    opensAt: month.to.toISOString(),
  };
}

/** The cap, if it keeps workspaces from being created now: it is reached, and the selected provider's machines cost. */
export async function readPausingCap(services: Services, now: Date): Promise<CostCap | null> {
  const cap = await readCostCap(services, now);
  if (!cap?.reached) return null;
  const reports = await services.store.providerReports.list();
  return reports.some(({ id, isFree }) => id === services.settings.MACHINE_PROVIDER && isFree) ? null : cap;
}

/** What a caller is told whose workspace is not created for the cap. */
export function capReached({ amount, currency, spent, opensAt }: CostCap): Problem {
  const words = `This month has cost ${spent} ${currency}, and the cap is ${amount} ${currency}.`;
  return new Problem(
    'monthly_cost_cap_reached',
    `${words} Workspaces can be created again from ${opensAt}, or with a higher MONTHLY_COST_CAP.`,
    { details: { spent, cap: amount, currency, opensAt } },
  );
}

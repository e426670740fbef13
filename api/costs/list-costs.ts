import type { MachineCost } from '../../store/store.ts';
import type { CostPage } from '../cost-answers.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Services } from '../services.ts';
import { microsIn, type Month } from './amounts.ts';
import { readCostCap } from './cap.ts';
import { decimal } from './money.ts';
import { costOf } from './workspace-cost.ts';

export interface CostsRequest {
  month: Month;
  cursor?: string | undefined;
  limit: number;
}

type Row = CostPage['workspaces'][number];

/**
 * What a month has cost until now, workspace by workspace, newest first. All of the month's machines are read for every
 * page: the totals need them, and hours that have begun are no matter for SQL. Fails with `invalid_cursor`.
 */
export async function listCosts(services: Services, { month, cursor, limit }: CostsRequest): Promise<CostPage> {
  const now = new Date();
  const name = month.from.toISOString().slice(0, 7);
  const seal = { key: services.ownerToken, list: `costs ${name}` };
  const after = cursor === undefined ? '' : Buffer.from(openCursor(cursor, seal)).toString();

  const machines = await services.store.costs.between(month.from, month.to);
  const rows = rowsOf(machines, (machine) => microsIn(month, machine, now));
  const rest = rows.filter((row) => after === '' || positionOf(row) < after);
  const workspaces = rest.slice(0, limit);
  const last = workspaces.at(-1);
  return {
    month: name,
    totals: totalsOf(machines, (machine) => microsIn(month, machine, now)),
    costCap: await readCostCap(services, now),
    workspaces,
    count: workspaces.length,
    nextCursor: last && rest.length > limit ? sealCursor(Buffer.from(positionOf(last)), seal) : null,
  };
}

function rowsOf(machines: readonly MachineCost[], micros: (machine: MachineCost) => number): Row[] {
  const rows = [...Map.groupBy(machines, ({ workspaceId }) => workspaceId)].flatMap(([id, own]) => {
    const cost = costOf(own, micros);
    return cost ? [{ id, provider: own[0]?.provider ?? '', ...cost }] : [];
  });
  return rows.toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
}

/** Sorts as it reads; the id tells apart what was made in the same millisecond. */
function positionOf({ since, id }: Row): string {
  return `${since} ${id}`;
}

function totalsOf(machines: readonly MachineCost[], micros: (machine: MachineCost) => number): CostPage['totals'] {
  const currencies = Map.groupBy(machines, ({ currency }) => currency);
  return [...currencies].map(([currency, all]) => {
    return { currency, amount: decimal(all.reduce((total, machine) => total + micros(machine), 0)) };
  });
}

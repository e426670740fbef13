import type { Database, Tables } from './database.ts';
import type { CostLedger, MachineCost } from './store.ts';

/** The cost ledger on SQL. */
export function createCostLedger(database: Database): CostLedger {
  return {
    async open({ workspaceId, provider, providerId, currency, hourlyMicros, monthlyMicros, since }) {
      await database
        .insertInto('machine_costs')
        .values({
          ...{ provider, currency, since, until: null },
          provider_id: providerId,
          workspace_id: workspaceId,
          hourly_micros: hourlyMicros,
          monthly_micros: monthlyMicros,
        })
        .onConflict((conflict) => conflict.columns(['provider', 'provider_id', 'workspace_id']).doNothing())
        .execute();
    },
    async close({ provider, workspaceId }, at) {
      await database
        .updateTable('machine_costs')
        .set({ until: at.toISOString() })
        .where('provider', '=', provider)
        .where('workspace_id', '=', workspaceId)
        .where('until', 'is', null)
        .execute();
    },
    async ofWorkspace(workspaceId) {
      const query = database.selectFrom('machine_costs').selectAll().where('workspace_id', '=', workspaceId);
      return (await query.orderBy('since').execute()).map(toCost);
    },
    async openAt(provider) {
      const query = database.selectFrom('machine_costs').selectAll().where('until', 'is', null);
      return (await query.where('provider', '=', provider).orderBy('since').execute()).map(toCost);
    },
    async between(from, to) {
      const rows = await database
        .selectFrom('machine_costs')
        .selectAll()
        .where((row) => row.or([row('until', 'is', null), row('until', '>', from.toISOString())]))
        .where('since', '<', to.toISOString())
        .orderBy('since')
        .execute();
      return rows.map(toCost);
    },
  };
}

/** Postgres gives its big integers as text. */
function toCost(row: Tables['machine_costs']): MachineCost {
  const { provider, provider_id, workspace_id, currency, hourly_micros, monthly_micros, since, until } = row;
  return {
    ...{ provider, currency, since, until },
    providerId: provider_id,
    workspaceId: workspace_id,
    hourlyMicros: Number(hourly_micros),
    monthlyMicros: monthly_micros === null ? null : Number(monthly_micros),
  };
}

import type { Database } from './database.ts';
import type { BreakerReport, ProviderReports } from './store.ts';

/** Provider reports on SQL: the newest one of each provider. */
export function createProviderReports(database: Database): ProviderReports {
  return {
    async report({ id, available, reason, isFree = false, breaker = null, sizes = null }) {
      const found = {
        available: available ? 1 : 0,
        reason,
        checked_at: new Date().toISOString(),
        is_free: isFree ? 1 : 0,
        breaker: breaker && JSON.stringify(breaker),
        sizes: sizes && JSON.stringify(sizes),
      };
      await database
        .insertInto('provider_reports')
        .values({ id, ...found })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(found))
        .execute();
    },
    async list() {
      const rows = await database.selectFrom('provider_reports').selectAll().orderBy('id').execute();
      return rows.map(({ id, available, reason, checked_at, is_free, breaker, sizes }) => ({
        ...{ id, reason, checkedAt: checked_at },
        available: available === 1,
        isFree: is_free === 1,
        breaker: breaker === null ? null : (JSON.parse(breaker) as BreakerReport),
        sizes: sizes === null ? null : (JSON.parse(sizes) as object[]),
      }));
    },
  };
}

import type { Database } from './database.ts';
import type { ProviderReports } from './store.ts';

/** Provider reports on SQL: the newest one of each provider. */
export function createProviderReports(database: Database): ProviderReports {
  return {
    async report({ id, available, reason }) {
      const found = { available: available ? 1 : 0, reason, checked_at: new Date().toISOString() };
      await database
        .insertInto('provider_reports')
        .values({ id, ...found })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(found))
        .execute();
    },
    async list() {
      const rows = await database.selectFrom('provider_reports').selectAll().orderBy('id').execute();
      return rows.map(({ checked_at, available, ...row }) => {
        return { ...row, available: available === 1, checkedAt: checked_at };
      });
    },
  };
}

import type { Database } from './database.ts';
import type { ResourceReadings } from './store.ts';

/** Resource readings on SQL: the newest one of each provider. */
export function createResourceReadings(database: Database): ResourceReadings {
  return {
    async keep(provider, resources) {
      const reading = { resources: JSON.stringify(resources), read_at: new Date().toISOString() };
      await database
        .insertInto('resource_readings')
        .values({ provider, ...reading })
        .onConflict((conflict) => conflict.column('provider').doUpdateSet(reading))
        .execute();
    },
    async list() {
      const rows = await database.selectFrom('resource_readings').selectAll().orderBy('provider').execute();
      return rows.map(({ provider, read_at, resources }) => {
        return { provider, readAt: read_at, resources: JSON.parse(resources) as unknown[] };
      });
    },
  };
}

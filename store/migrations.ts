import { Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { up as createRecords } from './migrations/0001-records.ts';
import { up as createCosts } from './migrations/0002-costs.ts';
import { up as addOffers } from './migrations/0003-offers.ts';
import { up as createCallbacks } from './migrations/0004-callbacks.ts';
import { up as createGateway } from './migrations/0005-gateway.ts';
import { up as createSessions } from './migrations/0006-sessions.ts';

/** Applied in the order of their names. One that was released never changes: add another. */
const migrations = {
  '0001-records': { up: createRecords },
  '0002-costs': { up: createCosts },
  '0003-offers': { up: addOffers },
  '0004-callbacks': { up: createCallbacks },
  '0005-gateway': { up: createGateway },
  '0006-sessions': { up: createSessions },
};

/** Brings the tables up to date. Safe when several processes start at once; rejects with what went wrong. */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error('The database could not be brought up to date.', { cause: error });
}

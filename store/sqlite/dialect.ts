/** Kysely's SQLite over Node's own `node:sqlite`, which needs no native build. */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Dialect, Kysely } from 'kysely';
import { NodeSqliteDriver } from './driver.ts';

/** A dialect for the database file at this path, which several processes may share. */
export function createSqliteDialect(file: string): Dialect {
  return {
    createDriver: () => new NodeSqliteDriver(file),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
  };
}

/**
 * SQLite does roll back DDL. Saying so makes Kysely run migrations in one (immediate) transaction: processes that start
 * together migrate one after the other, and one that is killed leaves nothing half-done.
 */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

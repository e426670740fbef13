import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import pRetry from 'p-retry';

/**
 * Runs queries on a `node:sqlite` database. Where another connection holds the write lock it waits between attempts, instead
 * of inside SQLite's busy handler, which would hold up the whole process, and for ever if the lock's holder is in it too.
 */
export class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return patiently(() => run<Row>(this.#database.prepare(sql), parameters as SQLInputValue[]));
  }

  async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    const rows = this.#database.prepare(sql).iterate(...(parameters as SQLInputValue[]));
    for (const row of rows) yield { rows: [row as Row] };
  }
}

function run<Row>(statement: StatementSync, parameters: SQLInputValue[]): QueryResult<Row> {
  const givesRows = statement.columns().length > 0;
  if (givesRows) return { rows: statement.all(...parameters) as Row[] };

  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}

async function patiently<Result>(attempt: () => Result): Promise<Result> {
  return pRetry(attempt, {
    retries: Infinity,
    minTimeout: 1,
    maxTimeout: 20,
    maxRetryTime: 30_000,
    randomize: true,
    shouldRetry: ({ error }) => isBusy(error),
  });
}

function isBusy(error: Error): boolean {
  const busy = 5; // SQLITE_BUSY; its extended codes carry more in the higher bytes.
  return 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === busy;
}

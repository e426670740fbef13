import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import type { DatabaseConnection, Driver } from 'kysely';
import { NodeSqliteConnection } from './connection.ts';

/**
 * One connection, taken in turns (Kysely sees to that). Kysely's own SQLite driver begins deferred transactions, in which two
 * processes can both read before either writes; here each transaction takes the write lock when it begins.
 */
export class NodeSqliteDriver implements Driver {
  readonly #file: string;
  #database: DatabaseSync | undefined;
  #connection: NodeSqliteConnection | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async init(): Promise<void> {
    createPrivateFile(this.#file);
    this.#database = new DatabaseSync(this.#file, { enableForeignKeyConstraints: true });
    this.#connection = new NodeSqliteConnection(this.#database);
    await this.#execute('pragma journal_mode = wal');
    // In WAL mode anything less may lose acknowledged transactions when the power goes.
    await this.#execute('pragma synchronous = full');
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#connection) throw new Error('The database is not open.');
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    await this.#execute('begin immediate');
  }

  async commitTransaction(): Promise<void> {
    await this.#execute('commit');
  }

  async rollbackTransaction(): Promise<void> {
    // Some errors (a full disk) have SQLite roll back by itself.
    if (this.#database?.isTransaction) await this.#execute('rollback');
  }

  /** `node:sqlite` answers at once: a loop of queries would otherwise run without ever letting the process do anything else. */
  async releaseConnection(): Promise<void> {
    await setImmediate();
  }

  async destroy(): Promise<void> {
    this.#database?.close();
  }

  async #execute(sql: string): Promise<void> {
    await this.#connection?.executeQuery(CompiledQuery.raw(sql));
  }
}

/** SQLite gives its journal files the rights of the database file. */
function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

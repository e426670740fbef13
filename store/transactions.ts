import { isPostgres } from './database.ts';
import type { Database, DatabaseTransaction } from './database.ts';

/** Runs work in a transaction that is committed, on the disk, when it resolves. The work may run twice, so it only uses SQL. */
export type Transact = (work: TransactionWork) => Promise<void>;

type TransactionWork = (transaction: DatabaseTransaction) => Promise<void>;

/**
 * How this database's transactions are run. Postgres writes the commits of concurrent transactions to the disk together. SQLite
 * does not: there, whoever comes while a transaction is busy shares the next one, so that one disk write serves them all.
 */
export function createTransact(database: Database): Transact {
  return isPostgres(database) ? (work) => database.transaction().execute(work) : shareTransactions(database);
}

interface Job {
  work: TransactionWork;
  settle: PromiseWithResolvers<void>;
}

function shareTransactions(database: Database): Transact {
  const waiting: Job[] = [];
  let isBusy = false;

  async function commitAll(): Promise<void> {
    isBusy = true;
    while (waiting.length > 0) await commit(database, waiting.splice(0, 100));
    isBusy = false;
  }

  return (work) => {
    const settle = Promise.withResolvers<void>();
    waiting.push({ work, settle });
    if (!isBusy) void commitAll();
    return settle.promise;
  };
}

async function commit(database: Database, jobs: Job[]): Promise<void> {
  try {
    await database.transaction().execute(async (transaction) => {
      for (const { work } of jobs) await work(transaction);
    });
    for (const { settle } of jobs) settle.resolve();
  } catch (error) {
    // The work of one must not fail the others: each gets a transaction of its own.
    if (jobs.length === 1) jobs[0]?.settle.reject(error);
    else for (const job of jobs) await commit(database, [job]);
  }
}

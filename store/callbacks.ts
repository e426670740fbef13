import type { Database, DatabaseTransaction, Tables } from './database.ts';
import type { Callback, CallbackAttempt, CallbackLog, NewCallbackAttempt } from './callback-log.ts';
import type { Transact } from './transactions.ts';

/** Of one callback; a receiver that is away for days does not fill the disk. */
const keptAttempts = 50;
const maxErrorLength = 500;

/** A page of whole bodies would be large. */
const withoutBody = [
  ...(['id', 'subject', 'type', 'url', 'signer'] as const),
  ...(['status', 'attempts', 'created_at', 'last_at'] as const),
] as const;

/** The callback log on SQL. */
export function createCallbackLog(database: Database, transact: Transact): CallbackLog {
  return {
    async ensure(callback) {
      const now = new Date().toISOString();
      await database
        .insertInto('callbacks')
        .values({ ...callback, status: 'pending', attempts: 0, created_at: now, last_at: now })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    async read(id) {
      const row = await database.selectFrom('callbacks').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const { body, ...rest } = row;
      return { ...toCallback(rest), body };
    },
    async list({ subject, before, limit }) {
      let query = database.selectFrom('callbacks').select(withoutBody);
      if (subject !== undefined) query = query.where('subject', '=', subject);
      if (before) {
        const { createdAt, id } = before;
        query = query.where((is) =>
          is.or([is('created_at', '<', createdAt), is.and([is('created_at', '=', createdAt), is('id', '<', id)])]),
        );
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toCallback);
    },
    async attempts(id) {
      const query = database.selectFrom('callback_attempts').selectAll().where('callback', '=', id);
      return (await query.orderBy('number').execute()).map(toAttempt);
    },
    async recordAttempt(id, attempt) {
      await transact((transaction) => record(transaction, id, attempt));
    },
    async giveUp(id) {
      const change = { status: 'failed' as const, last_at: new Date().toISOString() };
      await database.updateTable('callbacks').set(change).where('id', '=', id).execute();
    },
    async removeOlderThan(before) {
      const { numDeletedRows } = await database
        .deleteFrom('callbacks')
        .where('last_at', '<', before.toISOString())
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** The update comes first: it holds the row, so that two attempts at once get two numbers. */
async function record(transaction: DatabaseTransaction, id: string, attempt: NewCallbackAttempt): Promise<void> {
  const { statusCode, latencyMs, error } = attempt;
  const at = new Date().toISOString();
  const row = await transaction
    .updateTable('callbacks')
    .set((is) => ({
      attempts: is('attempts', '+', 1),
      status: error === null ? 'delivered' : 'pending',
      last_at: at,
    }))
    .where('id', '=', id)
    .returning('attempts')
    .executeTakeFirst();
  if (!row) return;
  const told = { at, status_code: statusCode, latency_ms: latencyMs, error: error?.slice(0, maxErrorLength) ?? null };
  await transaction
    .insertInto('callback_attempts')
    .values({ callback: id, number: row.attempts, ...told })
    .execute();
  await transaction
    .deleteFrom('callback_attempts')
    .where('callback', '=', id)
    .where('number', '<=', row.attempts - keptAttempts)
    .execute();
}

function toCallback({ created_at, last_at, ...row }: Omit<Tables['callbacks'], 'body'>): Callback {
  return { ...row, createdAt: created_at, lastAt: last_at };
}

function toAttempt({ number, at, status_code, latency_ms, error }: Tables['callback_attempts']): CallbackAttempt {
  return { number, at, statusCode: status_code, latencyMs: latency_ms, error };
}

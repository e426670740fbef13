import { sql } from 'kysely';
import { isPostgres } from './database.ts';
import type { Database, DatabaseTransaction, Tables } from './database.ts';
import type { AuditEntry, AuditLog } from './store.ts';
import type { Transact } from './transactions.ts';

/** The audit log on SQL. */
export function createAuditLog(database: Database, transact: Transact): AuditLog {
  return {
    async record({ actor, action, subject, requestId, details }) {
      await transact(async (transaction) => {
        const id = await takeNextId(transaction);
        await transaction
          .insertInto('audit')
          .values({
            id,
            at: new Date().toISOString(),
            actor,
            action,
            subject,
            request_id: requestId ?? null,
            details: details ? JSON.stringify(details) : null,
          })
          .execute();
      });
    },
    async list({ subject, after = 0, limit }) {
      const query = database.selectFrom('audit').selectAll().where('id', '>', after).orderBy('id').limit(limit);
      const rows = await (subject === undefined ? query : query.where('subject', '=', subject)).execute();
      return rows.map(toEntry);
    },
  };
}

/**
 * Writers go one after the other. With a counter of the database's own, entry 5 could be committed before entry 4, and who pages
 * through the log with `after` would never see 4. (An SQLite transaction is alone anyway.)
 */
async function takeNextId(transaction: DatabaseTransaction): Promise<number> {
  if (isPostgres(transaction)) await sql`lock table audit in exclusive mode`.execute(transaction);
  const last = await transaction.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return (last?.id ?? 0) + 1;
}

function toEntry({ id, at, actor, action, subject, request_id, details }: Tables['audit']): AuditEntry {
  return {
    id,
    at,
    actor,
    action,
    subject,
    ...(request_id === null ? {} : { requestId: request_id }),
    ...(details === null ? {} : { details: JSON.parse(details) as Record<string, unknown> }),
  };
}

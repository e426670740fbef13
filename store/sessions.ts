import { sql } from 'kysely';
import type { Database, Tables } from './database.ts';
import type { NewSession, SessionRecord, SessionRecords } from './session-records.ts';
import type { Transact } from './transactions.ts';

/** Sessions on SQL. */
export function createSessionRecords(database: Database, transact: Transact): SessionRecords {
  return {
    async ensure(session) {
      const row = await database
        .insertInto('sessions')
        .values(newRow(session))
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ updated_at: whenUsedByItsOwner }))
        .returningAll()
        .executeTakeFirstOrThrow();
      return toRecord(row);
    },
    async keep(id, { runId, checkpoint }) {
      await database
        .updateTable('sessions')
        .set((row) => ({
          ...{ checkpoint: JSON.stringify(checkpoint), last_run: runId, updated_at: now() },
          turns: row('turns', '+', 1),
        }))
        .where('id', '=', id)
        .where((is) => is.or([is('last_run', 'is', null), is('last_run', '!=', runId)]))
        .execute();
    },
    async read(id) {
      const row = await database.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toRecord(row);
    },
    async list({ owner, before, limit }) {
      let query = database.selectFrom('sessions').selectAll();
      if (owner !== undefined) query = query.where('owner', '=', owner);
      if (before) {
        const { createdAt, id } = before;
        query = query.where((is) =>
          is.or([is('created_at', '<', createdAt), is.and([is('created_at', '=', createdAt), is('id', '<', id)])]),
        );
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toRecord);
    },
    async remove(id) {
      await database.deleteFrom('sessions').where('id', '=', id).execute();
    },
    async listUnused(before) {
      const query = database.selectFrom('sessions').select('id').where('updated_at', '<', before.toISOString());
      return (await query.execute()).map(({ id }) => id);
    },
    async removeUnused(id, { stream, before }) {
      let isRemoved = false;
      await transact(async (transaction) => {
        const query = transaction.deleteFrom('sessions').where('id', '=', id);
        const { numDeletedRows } = await query.where('updated_at', '<', before.toISOString()).executeTakeFirst();
        isRemoved = numDeletedRows > 0n;
        if (isRemoved) await transaction.deleteFrom('event_streams').where('stream', '=', stream).execute();
      });
      return isRemoved;
    },
  };
}

/** Who asks for another's session keeps it from nothing. */
const whenUsedByItsOwner = sql<string>`case when sessions.owner = excluded.owner then excluded.updated_at else sessions.updated_at end`;

function newRow(session: NewSession): Tables['sessions'] {
  const at = now();
  return { ...session, checkpoint: null, last_run: null, turns: 0, created_at: at, updated_at: at };
}

function toRecord(row: Tables['sessions']): SessionRecord {
  const { id, owner, agent, repository, checkpoint, last_run, turns, created_at, updated_at } = row;
  return {
    ...{ id, owner, agent, repository, turns, lastRun: last_run, createdAt: created_at, updatedAt: updated_at },
    checkpoint: checkpoint === null ? null : (JSON.parse(checkpoint) as unknown),
  };
}

function now(): string {
  return new Date().toISOString();
}

import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from './database.ts';
import { DoorClosed, type EventLog, type NewEvent } from './store.ts';
import type { Transact } from './transactions.ts';

/** Events per statement: six parameters each, far below what either database takes. */
const chunkSize = 500;

/** The event log on SQL. */
export function createEventLog(database: Database, transact: Transact): EventLog {
  return {
    async append(stream, events, behind) {
      if (events.length === 0) return;
      await transact(async (transaction) => {
        const lastSeq = await lockStream(transaction, stream);
        if (behind) await checkDoor(transaction, behind);
        const known = await findKnownKeys(transaction, stream, events);
        await insertEvents(transaction, stream, lastSeq, withoutRepeats(events, known));
      });
    },
    async read(stream, { after, limit }) {
      const rows = await database
        .selectFrom('events')
        .select(['seq', 'type', 'data', 'at'])
        .where('stream', '=', stream)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }));
    },
    async last(stream, type) {
      const query = database.selectFrom('events').select(['seq', 'type', 'data', 'at']).where('stream', '=', stream);
      const row = await query.where('type', '=', type).orderBy('seq', 'desc').limit(1).executeTakeFirst();
      return row && { ...row, data: JSON.parse(row.data) as unknown };
    },
    async size(stream) {
      const query = database.selectFrom('events').where('stream', '=', stream);
      const { size } = await query
        .select(({ fn }) => fn.sum(fn<number>('length', ['data'])).as('size'))
        .executeTakeFirstOrThrow();
      return Number(size ?? 0);
    },
    async lastKey(stream, prefix) {
      const query = database.selectFrom('events').select('key').where('stream', '=', stream);
      const fitting = query.where(sql<boolean>`substr(key, 1, ${prefix.length}) = ${prefix}`);
      const newest = await fitting.orderBy('seq', 'desc').limit(1).executeTakeFirst();
      return newest?.key;
    },
    async removeStreamsOlderThan(before, sessionPrefix) {
      const { numDeletedRows } = await database
        .deleteFrom('event_streams')
        .where('last_at', '<', before.toISOString())
        .where('stream', 'not in', (row) =>
          row.selectFrom('sessions').select(sql<string>`${sessionPrefix} || id`.as('stream')),
        )
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/**
 * Takes the stream's row until the transaction ends and returns the last sequence number. Appenders of one stream go one after
 * the other, so a reader that has seen number n has seen, or will never see, all below it.
 */
async function lockStream(transaction: DatabaseTransaction, stream: string): Promise<number> {
  const { last_seq } = await transaction
    .insertInto('event_streams')
    .values({ stream, last_seq: 0, last_at: new Date().toISOString() })
    .onConflict((conflict) => conflict.column('stream').doUpdateSet((row) => ({ stream: row.ref('excluded.stream') })))
    .returning('last_seq')
    .executeTakeFirstOrThrow();
  return last_seq;
}

/** Whoever closes the door and appends after that has the last word: this stream's lock was taken before the look at the door. */
async function checkDoor(
  transaction: DatabaseTransaction,
  { runId, hostId }: { runId: string; hostId: string },
): Promise<void> {
  const door = transaction.selectFrom('doors').select('run_id').where('run_id', '=', runId);
  if (!(await door.where('host_id', '=', hostId).executeTakeFirst())) {
    throw new DoorClosed(`The door of ${runId} is not open at this host.`);
  }
}

async function findKnownKeys(
  transaction: DatabaseTransaction,
  stream: string,
  events: readonly NewEvent[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const chunk of chunksOf(events)) {
    const keys = chunk.map((event) => event.key);
    const query = transaction.selectFrom('events').select('key').where('stream', '=', stream).where('key', 'in', keys);
    for (const { key } of await query.execute()) known.add(key);
  }
  return known;
}

function withoutRepeats(events: readonly NewEvent[], known: Set<string>): NewEvent[] {
  return events.filter(({ key }) => {
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

async function insertEvents(
  transaction: DatabaseTransaction,
  stream: string,
  lastSeq: number,
  events: readonly NewEvent[],
): Promise<void> {
  const at = new Date().toISOString();
  const rows = events.map(({ key, type, data }, index) => {
    return { stream, seq: lastSeq + index + 1, key, type, data: JSON.stringify(data ?? null), at };
  });
  for (const chunk of chunksOf(rows)) await transaction.insertInto('events').values(chunk).execute();
  if (rows.length === 0) return;
  await transaction
    .updateTable('event_streams')
    .set({ last_seq: lastSeq + rows.length, last_at: at })
    .where('stream', '=', stream)
    .execute();
}

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  const chunks = Math.ceil(items.length / chunkSize);
  return Array.from({ length: chunks }, (_, index) => items.slice(index * chunkSize, (index + 1) * chunkSize));
}

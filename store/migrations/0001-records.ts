/**
 * The first tables, in words that SQLite and Postgres both understand. Times are ISO 8601 text, which sorts as it reads.
 * JSON and envelopes are text too: Postgres' jsonb refuses the NUL characters that terminals do print.
 */
import type { Kysely } from 'kysely';

/** Creates the tables. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await createEvents(database);
  await createAudit(database);
  await createSecrets(database);
  await createIdempotencyKeys(database);
  await createProviderReports(database);
}

async function createEvents({ schema }: Kysely<unknown>): Promise<void> {
  // The row of a stream hands out its sequence numbers: whoever appends holds it until the end of the transaction.
  await schema
    .createTable('event_streams')
    .addColumn('stream', 'text', (column) => column.primaryKey())
    .addColumn('last_seq', 'integer', (column) => column.notNull())
    .addColumn('last_at', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('event_streams_by_age').on('event_streams').column('last_at').execute();
  await schema
    .createTable('events')
    .addColumn('stream', 'text', (column) => column.references('event_streams.stream').onDelete('cascade').notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_in_order', ['stream', 'seq'])
    .addUniqueConstraint('events_once', ['stream', 'key'])
    .execute();
}

async function createAudit({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('audit')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text')
    .addColumn('details', 'text')
    .execute();
  await schema.createIndex('audit_by_subject').on('audit').columns(['subject', 'id']).execute();
}

async function createSecrets({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
}

async function createIdempotencyKeys({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('idempotency_keys')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('plan', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('sealed', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_once', ['scope', 'key'])
    .execute();
  await schema.createIndex('idempotency_keys_by_age').on('idempotency_keys').column('created_at').execute();
}

async function createProviderReports({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('provider_reports')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('available', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('checked_at', 'text', (column) => column.notNull())
    .execute();
}

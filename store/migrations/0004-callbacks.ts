/** Callbacks and the tries to deliver them. */
import type { Kysely } from 'kysely';

/** Creates the tables. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('callbacks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('signer', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('last_at', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('callbacks_newest').on('callbacks').columns(['created_at', 'id']).execute();
  await schema.createIndex('callbacks_by_subject').on('callbacks').columns(['subject', 'created_at', 'id']).execute();
  await schema.createIndex('callbacks_by_age').on('callbacks').column('last_at').execute();
  await schema
    .createTable('callback_attempts')
    .addColumn('callback', 'text', (column) => column.references('callbacks.id').onDelete('cascade').notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('status_code', 'integer')
    .addColumn('latency_ms', 'integer', (column) => column.notNull())
    .addColumn('error', 'text')
    .addPrimaryKeyConstraint('callback_attempts_in_order', ['callback', 'number'])
    .execute();
}

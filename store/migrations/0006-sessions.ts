/** What conversations with agents go on from. */
import type { Kysely } from 'kysely';

/** Creates the table. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('repository', 'text')
    // JSON; none before the first turn has ended.
    .addColumn('checkpoint', 'text')
    .addColumn('last_run', 'text')
    .addColumn('turns', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('sessions_by_owner').on('sessions').columns(['owner', 'created_at', 'id']).execute();
  await schema.createIndex('sessions_by_age').on('sessions').column('updated_at').execute();
}

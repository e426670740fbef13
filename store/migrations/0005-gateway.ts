/** What the gateway keeps: the doors of runs, named credentials, and what each call to a model used. */
import type { Kysely } from 'kysely';

/** Creates the tables. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await createDoors(database);
  await createCredentials(database);
  await createModelCalls(database);
}

async function createDoors({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('doors')
    .addColumn('run_id', 'text', (column) => column.primaryKey())
    .addColumn('host_id', 'text', (column) => column.notNull())
    .addColumn('policy', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('doors_by_host').on('doors').column('host_id').execute();
}

/** The values are secrets, `credential/<name>/<version>`; here is what may be shown. */
async function createCredentials({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('credentials')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('failing', 'text')
    // Set while somebody exchanges this version's refresh token, and for good when that did not come to an end.
    .addColumn('refresh_until', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute();
}

async function createModelCalls({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('model_calls')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('model', 'text')
    .addColumn('input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('output_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cache_read_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cache_write_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost_micros', 'bigint')
    .addColumn('is_final', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_calls_once', ['run_id', 'request_id'])
    .execute();
  await schema.createIndex('model_calls_by_age').on('model_calls').column('at').execute();
}

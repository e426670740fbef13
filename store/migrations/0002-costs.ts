/** What machines cost, what exists at providers, and how providers do. */
import type { Kysely } from 'kysely';

/** Creates the accounts and the readings, and lets a provider report more. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await createMachineCosts(database);
  await createResourceReadings(database);
  await extendProviderReports(database);
}

async function createMachineCosts({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('machine_costs')
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('provider_id', 'text', (column) => column.notNull())
    .addColumn('workspace_id', 'text', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addColumn('hourly_micros', 'bigint', (column) => column.notNull())
    .addColumn('monthly_micros', 'bigint')
    .addColumn('since', 'text', (column) => column.notNull())
    .addColumn('until', 'text')
    .addPrimaryKeyConstraint('machine_costs_once', ['provider', 'provider_id', 'workspace_id'])
    .execute();
  await schema.createIndex('machine_costs_by_workspace').on('machine_costs').column('workspace_id').execute();
  // A month's accounts are those that were not closed before it began: the open ones are few, and the old ones many.
  await schema.createIndex('machine_costs_by_end').on('machine_costs').column('until').execute();
}

async function createResourceReadings({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('resource_readings')
    .addColumn('provider', 'text', (column) => column.primaryKey())
    .addColumn('read_at', 'text', (column) => column.notNull())
    .addColumn('resources', 'text', (column) => column.notNull())
    .execute();
}

async function extendProviderReports({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('provider_reports')
    .addColumn('is_free', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('provider_reports').addColumn('breaker', 'text').execute();
}

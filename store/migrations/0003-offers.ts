/** What providers offer. */
import type { Kysely } from 'kysely';

/** Lets a provider report its sizes. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('provider_reports').addColumn('sizes', 'text').execute();
}

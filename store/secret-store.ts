import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { Keyring } from './keyring.ts';
import { reseal } from './reseal.ts';
import { openText, sealText } from './sealed-text.ts';
import type { SecretStore } from './store.ts';

/** Secrets on SQL. The name is part of what is sealed: an envelope moved to another row does not open. */
export function createSecretStore(database: Database, keyring: Keyring): SecretStore {
  return {
    async ensure(name, value) {
      const row = await database
        .insertInto('secrets')
        .values({ name, ...sealText(keyring, 'secret', name, value), created_at: new Date().toISOString() })
        // Changes nothing, but returns the row that is there: one statement, so that nobody can come in between.
        .onConflict((conflict) => conflict.column('name').doUpdateSet((row) => ({ name: row.ref('excluded.name') })))
        .returning(['key_id', 'sealed'])
        .executeTakeFirstOrThrow();
      return openText(keyring, 'secret', name, row);
    },
    async read(name) {
      const query = database.selectFrom('secrets').select(['key_id', 'sealed']).where('name', '=', name);
      const row = await query.executeTakeFirst();
      return row && openText(keyring, 'secret', name, row);
    },
    async removeAll(prefix) {
      if (!prefix.endsWith('/')) throw new Error(`Not the prefix of a group of secrets: ${prefix}`);
      await database.deleteFrom('secrets').where(nameStartsWith(prefix)).execute();
    },
    async list(prefix) {
      const query = database.selectFrom('secrets').select(['name', 'created_at']).where(nameStartsWith(prefix));
      const rows = await query.orderBy('name').execute();
      return rows.map((row) => ({ name: row.name, createdAt: row.created_at }));
    },
    reseal: () => reseal(database, keyring),
  };
}

/** Whether a secret's name starts so. Not `like`, whose wildcards may occur in names. */
export function nameStartsWith(prefix: string) {
  return sql<boolean>`substr(name, 1, length(cast(${prefix} as text))) = ${prefix}`;
}

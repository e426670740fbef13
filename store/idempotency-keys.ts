import type { Database, Tables } from './database.ts';
import type { Keyring } from './keyring.ts';
import { openText, sealText } from './sealed-text.ts';
import type { IdempotencyClaim, IdempotencyKeys } from './store.ts';

type Row = Tables['idempotency_keys'];

/** Idempotency keys on SQL. */
export function createIdempotencyKeys(database: Database, keyring: Keyring): IdempotencyKeys {
  return {
    async claim({ scope, key, fingerprint, plan }) {
      const row = await database
        .insertInto('idempotency_keys')
        .values({ scope, key, fingerprint, plan, created_at: new Date().toISOString() })
        // Changes nothing, but returns the row that is there: one statement, so that nobody can come in between.
        .onConflict((conflict) =>
          conflict.columns(['scope', 'key']).doUpdateSet((row) => ({ key: row.ref('excluded.key') })),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      return row.fingerprint === fingerprint ? outcome(keyring, row) : { outcome: 'mismatch' };
    },
    async answer(scope, key, answer) {
      await database
        .updateTable('idempotency_keys')
        .set(sealText(keyring, 'idempotency', answerName(scope, key), answer))
        .where('scope', '=', scope)
        .where('key', '=', key)
        .where('sealed', 'is', null)
        .execute();
    },
    async removeOlderThan(before) {
      const { numDeletedRows } = await database
        .deleteFrom('idempotency_keys')
        .where('created_at', '<', before.toISOString())
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** The name an answer is sealed under; unambiguous, whatever characters scope and key have. */
export function answerName(scope: string, key: string): string {
  return JSON.stringify([scope, key]);
}

function outcome(keyring: Keyring, { scope, key, plan, key_id, sealed }: Row): IdempotencyClaim {
  if (key_id === null || sealed === null) return { outcome: 'claimed', plan };
  const answer = openText(keyring, 'idempotency', answerName(scope, key), { key_id, sealed });
  return { outcome: 'answered', answer };
}

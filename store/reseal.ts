import type { Database } from './database.ts';
import { answerName } from './idempotency-keys.ts';
import type { Keyring } from './keyring.ts';
import { openText, sealText } from './sealed-text.ts';

/**
 * Seals everything in the database that another key sealed again with the current one; returns how many envelopes changed.
 * Each row changes by itself and only if it is still what was read, so this may be killed, repeated, and run beside writers.
 */
export async function reseal(database: Database, keyring: Keyring): Promise<number> {
  return (await resealSecrets(database, keyring)) + (await resealAnswers(database, keyring));
}

async function resealSecrets(database: Database, keyring: Keyring): Promise<number> {
  const outdated = database.selectFrom('secrets').selectAll().where('key_id', '!=', keyring.currentKeyId);
  let changed = 0;
  for (const { name, key_id, sealed } of await outdated.execute()) {
    const value = openText(keyring, 'secret', name, { key_id, sealed });
    const { numUpdatedRows } = await database
      .updateTable('secrets')
      .set(sealText(keyring, 'secret', name, value))
      .where('name', '=', name)
      .where('sealed', '=', sealed)
      .executeTakeFirst();
    changed += Number(numUpdatedRows);
  }
  return changed;
}

async function resealAnswers(database: Database, keyring: Keyring): Promise<number> {
  const answered = database
    .selectFrom('idempotency_keys')
    .selectAll()
    .$narrowType<{ key_id: string; sealed: string }>();
  const outdated = answered.where('key_id', '!=', keyring.currentKeyId);
  let changed = 0;
  for (const { scope, key, key_id, sealed } of await outdated.execute()) {
    const name = answerName(scope, key);
    const answer = openText(keyring, 'idempotency', name, { key_id, sealed });
    const { numUpdatedRows } = await database
      .updateTable('idempotency_keys')
      .set(sealText(keyring, 'idempotency', name, answer))
      .where('scope', '=', scope)
      .where('key', '=', key)
      .where('sealed', '=', sealed)
      .executeTakeFirst();
    changed += Number(numUpdatedRows);
  }
  return changed;
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDatabase } from '../../../store/database.ts';
import { EnvelopeDamaged } from '../../../store/envelope.ts';
import { createKeyring, UnknownKey } from '../../../store/keyring.ts';
import { newKey } from '../../support/keys.ts';
import { openAt } from '../place.ts';
import type { MakePlace, Place } from '../place.ts';

/** What the secret store promises. */
export function describeSecrets(makePlace: MakePlace): void {
  describe('the secret store', () => {
    it('keeps the first value of a name', async () => {
      await using store = await openAt(await makePlace());
      assert.equal(await store.secrets.ensure('a/password', 'first'), 'first');
      assert.equal(await store.secrets.ensure('a/password', 'second'), 'first');
      assert.equal(await store.secrets.read('a/password'), 'first');
      assert.equal(await store.secrets.read('a/other'), undefined);
    });

    it('gives callers that race the same value', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      const values = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? left : right).secrets.ensure('a/b', `value ${index}`)),
      );
      assert.equal(new Set(values).size, 1);
    });

    it('lists and removes by prefix, taking no character of it for a wildcard', async () => {
      await using store = await openAt(await makePlace());
      for (const name of ['a_b/x', 'a_b/y', 'axb/x', 'a%/x', 'A_B/x']) await store.secrets.ensure(name, 'value');
      const names = async (prefix: string) => (await store.secrets.list(prefix)).map(({ name }) => name);
      assert.deepEqual(await names('a_b/'), ['a_b/x', 'a_b/y']);
      await store.secrets.removeAll('a_b/');
      await store.secrets.removeAll('a_b/');
      await store.secrets.removeAll('%/');
      assert.deepEqual((await names('')).toSorted(), ['A_B/x', 'a%/x', 'axb/x']);
      await assert.rejects(store.secrets.removeAll('a'));
    });

    it('holds nothing of a secret or an answer that could be read without the key', async () => {
      const place = await makePlace();
      await using store = await openAt(place);
      await store.secrets.ensure('a/b', 'hunter2-secret');
      await store.idempotency.claim({ scope: 's', key: 'k', fingerprint: 'f', plan: 'p' });
      await store.idempotency.answer('s', 'k', 'hunter2-answer');
      const tables = JSON.stringify(await dumpSealed(place));
      assert.match(tables, /a\/b/);
      assert.doesNotMatch(tables, /hunter2/);
      assert.doesNotMatch(tables, new RegExp(Buffer.from('hunter2').toString('base64').slice(0, 8)));
    });

    it('does not open an envelope that was moved to another name', async () => {
      const place = await makePlace();
      await using store = await openAt(place);
      await store.secrets.ensure('mine/password', 'mine');
      await store.secrets.ensure('yours/password', 'yours');
      await using database = openDatabase(place);
      const mine = database.selectFrom('secrets').select('sealed').where('name', '=', 'mine/password');
      await database.updateTable('secrets').set({ sealed: mine }).where('name', '=', 'yours/password').execute();
      await assert.rejects(store.secrets.read('yours/password'), EnvelopeDamaged);
    });

    it('reseals secrets and answers with the current key, once', async () => {
      const place = await makePlace();
      await using old = await openAt(place);
      for (const name of ['a', 'b', 'c']) await old.secrets.ensure(name, `value of ${name}`);
      for (const key of ['answered', 'open']) {
        await old.idempotency.claim({ scope: 's', key, fingerprint: 'f', plan: 'p' });
      }
      await old.idempotency.answer('s', 'answered', '201');

      const key = newKey();
      await using rotated = await openAt(place, createKeyring([key, place.key]));
      await rotated.secrets.ensure('d', 'value of d');
      assert.equal(await rotated.secrets.reseal(), 4);
      assert.equal(await rotated.secrets.reseal(), 0);

      await using withoutOldKey = await openAt(place, createKeyring([key]));
      for (const name of ['a', 'b', 'c', 'd']) {
        assert.equal(await withoutOldKey.secrets.read(name), `value of ${name}`);
      }
      const again = { scope: 's', key: 'answered', fingerprint: 'f', plan: 'p' };
      assert.deepEqual(await withoutOldKey.idempotency.claim(again), { outcome: 'answered', answer: '201' });
      await assert.rejects(old.secrets.read('a'), UnknownKey);
    });
  });
}

async function dumpSealed(place: Place): Promise<unknown[]> {
  await using database = openDatabase(place);
  const secrets = await database.selectFrom('secrets').selectAll().execute();
  return [...secrets, ...(await database.selectFrom('idempotency_keys').selectAll().execute())];
}

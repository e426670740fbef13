import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CredentialValue } from '../../../store/credential-value.ts';
import { createKeyring } from '../../../store/keyring.ts';
import { newKey } from '../../support/keys.ts';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const key = (apiKey: string): CredentialValue => ({ kind: 'anthropic_api_key', apiKey });
const inAMinute = () => new Date(Date.now() + 60_000);

/** What named credentials promise. */
export function describeCredentials(makePlace: MakePlace): void {
  describe('the credentials', () => {
    it('have versions, of which only the last one’s value is kept', async () => {
      await using store = await openAt(await makePlace());
      assert.equal(await store.credentials.put('mine', key('value-one')), 1);
      assert.equal(await store.credentials.put('mine', key('value-two')), 2);
      const { version, value, failing } = (await store.credentials.read('mine'))!;
      assert.deepEqual([version, value, failing], [2, key('value-two'), null]);
      const names = (await store.secrets.list('credential/')).map(({ name }) => name);
      assert.deepEqual(names, ['credential/mine/2']);
    });

    it('are listed without their values', async () => {
      await using store = await openAt(await makePlace());
      await store.credentials.put('b', key('secret-value'));
      await store.credentials.put('a', { kind: 'git_token', token: 'secret-token', username: 'x' });
      const list = await store.credentials.list();
      assert.deepEqual(
        list.map(({ name, kind, version }) => [name, kind, version]),
        [
          ['a', 'git_token', 1],
          ['b', 'anthropic_api_key', 1],
        ],
      );
      assert.doesNotMatch(JSON.stringify(list), /secret-/);
    });

    it('go with their values, and leave those of others whose names begin alike', async () => {
      await using store = await openAt(await makePlace());
      for (const name of ['a', 'a-b', 'a.b', 'a0', 'ab']) await store.credentials.put(name, key('secret-value'));
      await store.credentials.remove('a');
      await store.credentials.remove('a');
      assert.equal(await store.credentials.read('a'), undefined);
      for (const name of ['a-b', 'a.b', 'a0', 'ab']) assert.ok(await store.credentials.read(name), name);
    });

    it('refuse what is no credential, without repeating it', async () => {
      await using store = await openAt(await makePlace());
      const bad = { kind: 'anthropic_api_key', apiKey: 'with a space secret' } as const;
      await assert.rejects(store.credentials.put('mine', bad), (error: Error) => !error.message.includes('secret'));
      for (const name of ['', '../x', 'a/b', 'A', 'x'.repeat(65)]) {
        await assert.rejects(store.credentials.put(name, key('long-enough')), { name: 'ZodError' }, name);
      }
      assert.deepEqual(await store.credentials.list(), []);
    });

    it('end with one whole value when many are stored at once', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      const puts = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? left : right).credentials.put('mine', key(`value-of-${n}`)),
      );
      assert.deepEqual(
        (await Promise.all(puts)).toSorted((a, b) => a - b),
        Array.from({ length: 20 }, (_, n) => n + 1),
      );
      assert.equal((await left.credentials.read('mine'))?.version, 20);
      assert.equal((await left.secrets.list('credential/')).length, 1);
    });

    it('let one of many callers refresh a version, ever', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      await left.credentials.put('mine', key('value-one'));
      const claims = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? left : right).credentials.claimRefresh('mine', 1, inAMinute()),
      );
      assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);

      assert.equal(await left.credentials.claimRefresh('mine', 2, inAMinute()), false, 'there is no such version');
      await left.credentials.releaseRefresh('mine', 1);
      assert.equal(await right.credentials.claimRefresh('mine', 1, new Date(0)), true);
      assert.equal(
        await right.credentials.claimRefresh('mine', 1, inAMinute()),
        false,
        'also when the time has passed',
      );
      await left.credentials.forfeitRefresh('mine', 1, 'it broke off');
      assert.equal((await left.credentials.read('mine'))?.failing, 'it broke off');
      assert.equal(await left.credentials.claimRefresh('mine', 1, inAMinute()), false);
    });

    it('rotate from the version that was claimed only, and are well again then', async () => {
      await using store = await openAt(await makePlace());
      await store.credentials.put('mine', key('value-one'));
      assert.equal(await store.credentials.rotate('mine', 1, key('unclaimed')), false);
      await store.credentials.claimRefresh('mine', 1, inAMinute());
      await store.credentials.report('mine', 1, 'refused');
      assert.equal(await store.credentials.rotate('mine', 1, key('value-two')), true);
      assert.equal(await store.credentials.rotate('mine', 1, key('late-value')), false);
      const { version, value, failing, refreshUntil } = (await store.credentials.read('mine'))!;
      assert.deepEqual([version, value, failing, refreshUntil], [2, key('value-two'), null, null]);
      await store.credentials.report('mine', 1, 'about an older version');
      assert.equal((await store.credentials.read('mine'))?.failing, null);
    });

    it('do not take the rotation of a credential that was removed and stored anew meanwhile', async () => {
      await using store = await openAt(await makePlace());
      await store.credentials.put('mine', key('value-one'));
      await store.credentials.claimRefresh('mine', 1, inAMinute());
      await store.credentials.remove('mine');
      await store.credentials.put('mine', key('another-one'));
      assert.equal(await store.credentials.rotate('mine', 1, key('stale-value')), false);
      assert.deepEqual((await store.credentials.read('mine'))?.value, key('another-one'));
    });

    it('are sealed, and sealed again when the key is rotated', async () => {
      const place = await makePlace();
      await using old = await openAt(place);
      await old.credentials.put('mine', key('value-one'));
      const next = newKey();
      await using rotated = await openAt(place, createKeyring([next, place.key]));
      assert.equal(await rotated.secrets.reseal(), 1);
      await using withoutOldKey = await openAt(place, createKeyring([next]));
      assert.deepEqual((await withoutOldKey.credentials.read('mine'))?.value, key('value-one'));
    });
  });
}

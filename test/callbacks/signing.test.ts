/** Signatures, as a receiver checks them with the library of Standard Webhooks. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { signedHeaders } from '../../callbacks/sign.ts';
import {
  ensureSigningSecret,
  readSigningSecrets,
  retireSigningSecrets,
  rotateSigningSecret,
} from '../../callbacks/signing-secrets.ts';
import type { Store } from '../../store/store.ts';
import { SigningSecret } from '../../workflows/contract/callback.schema.ts';
import { openAt, placeAt } from '../store/place.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const body = JSON.stringify({ type: 'run.completed', data: { text: 'ümläut ✓' } });

describe('the secrets of a signer', () => {
  const cleanup = new AsyncDisposableStack();
  let store: Store;
  before(async () => {
    store = cleanup.use(await openAt(placeAt(cleanup.use(await temporaryFolder()).path)));
  });
  after(() => cleanup.disposeAsync());

  const signNow = async (signer: string) =>
    signedHeaders({ id: 'cb-1', body, at: new Date() }, await readSigningSecrets(store.secrets, signer));

  it('sign so that the receiver’s library is content', async () => {
    const secret = await ensureSigningSecret(store.secrets, 'one');
    assert.deepEqual(new Webhook(secret).verify(body, await signNow('one')), JSON.parse(body));
    const stranger = await ensureSigningSecret(store.secrets, 'stranger');
    assert.throws(() => new Webhook(stranger).verify(body, signNowWith([secret])), WebhookVerificationError);
    assert.throws(() => new Webhook(secret).verify(`${body} `, signNowWith([secret])), WebhookVerificationError);
  });

  it('are the ones that were given, once and for all', async () => {
    const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    assert.equal(await ensureSigningSecret(store.secrets, 'given', given), given);
    assert.equal(await ensureSigningSecret(store.secrets, 'given'), given);
  });

  it('may be changed while receivers still have the old one, and then the new one alone signs', async () => {
    const older = await ensureSigningSecret(store.secrets, 'changing');
    const [newer, same] = await Promise.all([
      rotateSigningSecret(store.secrets, 'changing'),
      rotateSigningSecret(store.secrets, 'changing'),
    ]);
    assert.equal(newer, same);
    const both = await signNow('changing');
    for (const secret of [older, newer]) new Webhook(secret).verify(body, both);

    await retireSigningSecrets(store.secrets, 'changing');
    const one = await signNow('changing');
    new Webhook(newer).verify(body, one);
    assert.throws(() => new Webhook(older).verify(body, one), WebhookVerificationError);
  });

  it('may be changed more than nine times', async () => {
    await ensureSigningSecret(store.secrets, 'often');
    let newest = '';
    for (let times = 0; times < 10; times++) newest = await rotateSigningSecret(store.secrets, 'often');
    assert.equal((await readSigningSecrets(store.secrets, 'often'))[0], newest);
    await retireSigningSecrets(store.secrets, 'often');
    assert.deepEqual(await readSigningSecrets(store.secrets, 'often'), [newest]);
  });

  it('are none of another signer whose name begins alike', async () => {
    await ensureSigningSecret(store.secrets, 'alike-and-more');
    assert.deepEqual(await readSigningSecrets(store.secrets, 'alike'), []);
  });

  it('have the form that the standard gives them', async () => {
    assert.ok(SigningSecret.safeParse(await ensureSigningSecret(store.secrets, 'form')).success);
    const withBytes = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;
    for (const bytes of [24, 25, 26, 32, 63, 64])
      assert.ok(SigningSecret.safeParse(withBytes(bytes)).success, `${bytes}`);
    for (const bytes of [0, 16, 23, 65, 96]) assert.ok(!SigningSecret.safeParse(withBytes(bytes)).success, `${bytes}`);
    for (const text of ['', 'whsec_', 'password', Buffer.alloc(32).toString('base64')]) {
      assert.ok(!SigningSecret.safeParse(text).success);
    }
  });

  it('do not pass for a signature that is old', async () => {
    const secret = await ensureSigningSecret(store.secrets, 'old');
    const headers = signedHeaders({ id: 'cb-1', body, at: new Date(Date.now() - 10 * 60_000) }, [secret]);
    assert.throws(() => new Webhook(secret).verify(body, headers), /too old/);
  });
});

function signNowWith(secrets: string[]): Record<string, string> {
  return signedHeaders({ id: 'cb-1', body, at: new Date() }, secrets);
}

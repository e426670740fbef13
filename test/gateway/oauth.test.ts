import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pino from 'pino';
import { createFreshCredentials, CredentialUnusable } from '../../gateway/credentials/fresh-credentials.ts';
import { createExchange } from '../../gateway/credentials/oauth-exchange.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import type { Credentials } from '../../store/gateway.ts';
import type { Store } from '../../store/store.ts';
import { openAt, placeAt } from '../store/place.ts';
import type { Place } from '../store/place.ts';
import { sendJson, startModelUpstream } from '../support/model-upstream.ts';
import type { Answer, ModelUpstream } from '../support/model-upstream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const minuteMs = 60_000;

/** A provider whose refresh tokens work once: each answer brings the next one. */
const rotating: Answer = ({ body }, response) => {
  const { refresh_token } = JSON.parse(body) as { refresh_token: string };
  const n = Number(refresh_token.replace('refresh-token-', ''));
  sendJson(response, 200, {
    ...{ access_token: `access-token-${n + 1}`, refresh_token: `refresh-token-${n + 1}`, expires_in: 3600 },
  });
};

describe('the access token of a subscription', () => {
  it('is used as it is while it is good for long', async () => {
    await using scene = await openScene({ expiresInMs: 60 * minuteMs });
    assert.equal(await scene.token(), 'access-token-1');
    assert.equal(scene.provider.requests.length, 0);
  });

  it('is renewed once for 100 callers in two processes’ worth of connections, and none uses the old one', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer(rotating);
    await using other = await openAt(scene.place);
    const users = [scene.user(scene.store), scene.user(scene.store), scene.user(other), scene.user(other)];

    const calls = Array.from({ length: 100 }, (_, index) => users[index % users.length]!.use('subscription'));
    const tokens = (await Promise.all(calls)).map(({ value }) => 'accessToken' in value && value.accessToken);

    assert.deepEqual(new Set(tokens), new Set(['access-token-2']));
    assert.equal(scene.provider.requests.length, 1);
    assert.deepEqual(JSON.parse(scene.provider.requests[0]!.body), {
      ...{ grant_type: 'refresh_token', refresh_token: 'refresh-token-1', client_id: 'client' },
    });
  });

  it('takes the new refresh token the next time', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer(rotating);
    await scene.token();
    await scene.expire();
    assert.equal(await scene.token(), 'access-token-3');
    assert.deepEqual(
      scene.provider.requests.map(({ body }) => /refresh-token-\d/.exec(body)?.[0]),
      ['refresh-token-1', 'refresh-token-2'],
    );
  });

  it('is renewed once for a use, though the provider gives only such as expire within minutes', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer((_, response) =>
      sendJson(response, 200, { access_token: 'access-token-2', refresh_token: 'refresh-token-2', expires_in: 60 }),
    );
    assert.equal(await scene.token(), 'access-token-2');
    assert.equal(scene.provider.requests.length, 1);
  });

  it('serves to its end when the provider is busy, and then fails until it is renewed', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer((_, response) => sendJson(response, 503, {}));
    assert.equal(await scene.token(), 'access-token-1');
    await scene.expire();
    await assert.rejects(scene.token(), (error) => error instanceof CredentialUnusable && error.isTemporary);
    scene.provider.answer(rotating);
    assert.equal(await scene.token(), 'access-token-2');
  });

  it('is not renewed again when the provider refused, until it is stored anew', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer((_, response) => sendJson(response, 400, { error: 'invalid_grant refresh-token-1' }));
    assert.equal(await scene.token(), 'access-token-1');
    await scene.expire({ keepClaim: true });
    await assert.rejects(scene.token(), (error) => error instanceof CredentialUnusable && !error.isTemporary);
    assert.equal(scene.provider.requests.length, 1);
    const [info] = await scene.store.credentials.list();
    assert.match(info?.failing ?? '', /does not renew it any more \(400\)/);
    assert.doesNotMatch(JSON.stringify(info), /-token-/);

    await scene.put(60 * minuteMs);
    assert.equal(await scene.token(), 'access-token-1');
    assert.equal((await scene.store.credentials.list())[0]?.failing, null);
  });

  it('never shows a refresh token a second time when the answer to the first was lost', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer((_, response) => response.destroy());
    assert.equal(await scene.token(), 'access-token-1');
    assert.equal(await scene.token(), 'access-token-1');
    assert.equal(scene.provider.requests.length, 1);
    assert.match((await scene.store.credentials.list())[0]?.failing ?? '', /may be used up/);
  });

  it('nor when whoever was to renew it died: the others use what they have', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer(rotating);
    assert.equal(await scene.store.credentials.claimRefresh('subscription', 1, new Date(Date.now() + 300)), true);
    assert.equal(await scene.token(), 'access-token-1');
    assert.equal(scene.provider.requests.length, 0);
  });

  it('is kept also when the store stumbles: nobody else has the new tokens', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer(rotating);
    let stumbles = 2;
    const { credentials } = scene.store;
    const rotate: Credentials['rotate'] = async (...args) => {
      if (stumbles-- > 0) throw new Error('the store is away');
      return credentials.rotate(...args);
    };
    const user = scene.user({ ...scene.store, credentials: { ...credentials, rotate } });
    const { value } = await user.use('subscription');
    assert.equal('accessToken' in value && value.accessToken, 'access-token-2');
    assert.equal(scene.provider.requests.length, 1);
  });

  it('does not overwrite what was stored while it was renewed', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer(async (request, response) => {
      await scene.put(120 * minuteMs, 'access-token-mine');
      await rotating(request, response);
    });
    assert.equal(await scene.token(), 'access-token-mine');
  });

  it('stays out of logs', async () => {
    await using scene = await openScene({ expiresInMs: minuteMs });
    scene.provider.answer(rotating);
    await scene.token();
    assert.match(scene.log(), /renewing a credential/);
    assert.doesNotMatch(scene.log(), /-token-/);
  });
});

interface Scene extends AsyncDisposable {
  place: Place;
  store: Store;
  provider: ModelUpstream;
  user(store: Store): ReturnType<typeof createFreshCredentials>;
  token(): Promise<string>;
  put(expiresInMs: number, accessToken?: string): Promise<void>;
  /** Lets the time of the stored token run out, keeping everything else. */
  expire(options?: { keepClaim?: boolean }): Promise<void>;
  log(): string;
}

async function openScene({ expiresInMs }: { expiresInMs: number }): Promise<Scene> {
  await using cleanup = new AsyncDisposableStack();
  const place = placeAt(cleanup.use(await temporaryFolder()).path);
  const provider = cleanup.use(await startModelUpstream());
  const store = cleanup.use(await openAt(place));
  const exchange = createExchange({ tokenUrl: `${provider.url}/token`, clientId: 'client' });
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const user = ({ credentials }: Store) =>
    createFreshCredentials({ credentials, exchange, metrics: createMetrics(), log });
  const mine = user(store);

  async function put(forMs: number, accessToken = 'access-token-1'): Promise<void> {
    await store.credentials.put('subscription', {
      ...{ kind: 'anthropic_oauth', accessToken, refreshToken: 'refresh-token-1', scopes: ['user:inference'] },
      expiresAt: Date.now() + forMs,
    });
  }

  await put(expiresInMs);
  const stack = cleanup.move();
  return {
    ...{ place, store, provider, user, put },
    async token() {
      const { value } = await mine.use('subscription');
      assert.equal(value.kind, 'anthropic_oauth');
      return value.accessToken;
    },
    async expire({ keepClaim = false } = {}) {
      const { value, version, failing } = (await store.credentials.read('subscription'))!;
      assert.equal(value.kind, 'anthropic_oauth');
      const next = await store.credentials.put('subscription', { ...value, expiresAt: Date.now() - 1 });
      assert.equal(next, version + 1);
      if (keepClaim) await store.credentials.forfeitRefresh('subscription', next, failing ?? 'none');
    },
    log: () => lines.join(''),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** kill -9 between a callback and the entry that says so: it is sent again, and the receiver can tell. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { ensureSigningSecret } from '../../callbacks/signing-secrets.ts';
import { until } from '../../engine/until.ts';
import { startReceiver, type Received, type Receiver } from '../support/receiver.ts';
import { hasArrived, hold, release } from './gates.ts';
import { victims } from './matrix.ts';
import { openStack, type Stack } from './stack.ts';

const points = ['before recordAttempt', 'after recordAttempt'];

describe('a callback that was sent when a process dies', () => {
  const cleanup = new AsyncDisposableStack();
  let stack: Stack;
  let receiver: Receiver;
  let secret: string;
  before(async () => {
    stack = cleanup.use(await openStack('worker'));
    receiver = cleanup.use(await startReceiver());
    secret = await ensureSigningSecret(stack.store.secrets, 'somebody');
  });
  after(() => cleanup.disposeAsync());

  for (const victim of ['worker', 'all three']) {
    it(`arrives at least once, the same each time, and counts as delivered: ${victim} killed`, async () => {
      const ids = points.map((_, index) => `cb-${victim.replace(' ', '-')}-${index}`);
      for (const [index, id] of ids.entries()) {
        hold(stack.gates, id, points[index]!);
        await send(id);
      }
      const haveArrived = () => ids.every((id, index) => hasArrived(stack.gates, id, points[index]!));
      await until('every callback is held at its point', haveArrived, { pollMs: 10 });
      stack.kill(victims[victim] ?? []);
      for (const id of ids) release(stack.gates, id);

      for (const id of ids) {
        await until(`${id} arrived again`, () => of(id).length > 1);
        await until(
          `${id} counts as delivered`,
          async () => (await stack.store.callbacks.read(id))?.status === 'delivered',
        );
        for (const { body, headers } of of(id)) new Webhook(secret).verify(body, headers);
        assert.equal(new Set(of(id).map(({ body }) => body)).size, 1);
      }
    });
  }

  /** A callback that the store knows, sent as its owner asks for it. */
  async function send(id: string): Promise<void> {
    const body = JSON.stringify({ type: 'test', data: { id } });
    const { url } = receiver;
    await stack.store.callbacks.ensure({ id, subject: 'test:1', type: 'test', url, signer: 'somebody', body });
    const { status } = await stack.call('POST', `/callbacks/${id}/redrive`);
    assert.equal(status, 202);
  }

  function of(id: string): Received[] {
    return receiver.received.filter(({ headers }) => headers['webhook-id'] === id);
  }
});

/** The routes of callbacks, with a real server and worker behind them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { ensureSigningSecret } from '../../callbacks/signing-secrets.ts';
import type { callbackDelivery } from '../../workflows/callback/delivery.ts';
import { callbackWorkflowId, type CallbackOrder } from '../../workflows/contract/callback.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';

describe('the routes of callbacks', () => {
  const cleanup = new AsyncDisposableStack();
  let plane: ControlPlane;
  let receiver: Receiver;
  before(async () => {
    plane = cleanup.use(await openControlPlane());
    receiver = cleanup.use(await startReceiver());
    await ensureSigningSecret(plane.api.store.secrets, 'run-1');
  });
  after(() => cleanup.disposeAsync());

  async function send(id: string, subject = 'run:run-1'): Promise<void> {
    const order: CallbackOrder = {
      ...{ id, subject, type: 'run.completed', url: receiver.url, signer: 'run-1', data: { runId: 'run-1' } },
    };
    await plane.temporal.workflow.start<typeof callbackDelivery>('callbackDelivery', {
      taskQueue: controlPlaneQueue,
      workflowId: callbackWorkflowId(id),
      args: [{ callbackId: id, order }],
    });
  }

  const see = async (id: string) => (await plane.api.call('GET', `/callbacks/${id}`)).body;
  const becomes = (id: string, status: string) =>
    until(`${id} is ${status}`, async () => (await see(id))['status'] === status, { pollMs: 20 });
  const idsOf = (body: Record<string, unknown>) => (body['callbacks'] as { id: string }[]).map(({ id }) => id);

  it('show what was sent, every attempt, and not what signs', async () => {
    receiver.answer = 204;
    await send('cb-shown');
    await becomes('cb-shown', 'delivered');
    const { id, subject, type, url, status, attempts, waitingFor, deliveries, message, ...times } =
      await see('cb-shown');
    assert.deepEqual([id, subject, type, url], ['cb-shown', 'run:run-1', 'run.completed', receiver.url]);
    assert.deepEqual([status, attempts, waitingFor], ['delivered', 1, null]);
    assert.deepEqual(Object.keys(times), ['createdAt', 'lastAt']);
    const [{ number, statusCode, error } = {}] = deliveries as Record<string, unknown>[];
    assert.deepEqual({ number, statusCode, error }, { number: 1, statusCode: 204, error: null });
    assert.deepEqual((message as { data: unknown }).data, { runId: 'run-1' });
  });

  it('say what a delivery waits for, and until when', async () => {
    receiver.answer = 500;
    await send('cb-waiting');
    await until('it waits', async () => (await see('cb-waiting'))['waitingFor'] != null, { pollMs: 20 });
    const { status, waitingFor } = await see('cb-waiting');
    const wait = waitingFor as { what: string; until: string };
    assert.equal(status, 'pending');
    assert.match(wait.what, /The receiver answered 500/);
    assert.ok(Date.parse(wait.until) > Date.now() - 60_000);
  });

  it('deliver again at once what waits, once for each idempotency key', async () => {
    receiver.answer = 204;
    receiver.received.length = 0;
    const redrive = () =>
      plane.api.call('POST', '/callbacks/cb-waiting/redrive', { headers: { 'Idempotency-Key': 'again' } });
    const first = await redrive();
    assert.equal(first.status, 202);
    await becomes('cb-waiting', 'delivered');
    assert.deepEqual((await redrive()).body, first.body);
    assert.equal(receiver.received.length, 1);
    assert.equal(receiver.received[0]?.headers['webhook-id'], 'cb-waiting');
    const [entry] = await plane.api.store.audit.list({ subject: 'callback:cb-waiting', limit: 1 });
    assert.equal(entry?.action, 'callback.redrive');
  });

  it('deliver again what was given up, or delivered', async () => {
    receiver.answer = 410;
    await send('cb-refused');
    await becomes('cb-refused', 'failed');
    receiver.answer = 204;
    for (const attempts of [2, 3]) {
      assert.equal((await plane.api.call('POST', '/callbacks/cb-refused/redrive')).status, 202);
      await until(`it was tried ${attempts} times`, async () => (await see('cb-refused'))['attempts'] === attempts, {
        pollMs: 20,
      });
      assert.equal((await see('cb-refused'))['status'], 'delivered');
    }
  });

  it('list them newest first, page by page, also of one subject', async () => {
    for (const id of ['cb-a', 'cb-b', 'cb-c']) {
      await send(id, 'run:run-2');
      await becomes(id, 'delivered');
    }
    const ofOne = await plane.api.call('GET', '/callbacks?subject=run:run-2');
    assert.deepEqual([idsOf(ofOne.body), ofOne.body['nextCursor']], [['cb-c', 'cb-b', 'cb-a'], null]);

    const found = [];
    for (let query: string | null = ''; query !== null;) {
      const { body } = await plane.api.call('GET', `/callbacks?limit=2${query}`);
      found.push(...idsOf(body));
      query = body['nextCursor'] === null ? null : `&cursor=${body['nextCursor'] as string}`;
    }
    assert.deepEqual(found, ['cb-c', 'cb-b', 'cb-a', 'cb-refused', 'cb-waiting', 'cb-shown']);
  });

  it('take no cursor of another list', async () => {
    const { body } = await plane.api.call('GET', '/callbacks?subject=run:run-2&limit=1');
    const cursor = body['nextCursor'] as string;
    const { status, body: problem } = await plane.api.call('GET', `/callbacks?cursor=${cursor}`);
    assert.deepEqual([status, problem['error']], [400, 'invalid_cursor']);
  });

  it('know nothing of a callback that is not there, or cannot be', async () => {
    for (const id of ['cb-nothing', 'nothing', '..%2f..', `cb-${'x'.repeat(200)}`]) {
      for (const [method, address] of [
        ['GET', `/callbacks/${id}`],
        ['POST', `/callbacks/${id}/redrive`],
      ] as const) {
        const { status, body } = await plane.api.call(method, address);
        assert.deepEqual([status, body['error']], [404, 'callback_not_found'], address);
      }
    }
  });

  it('are for the owner alone', async () => {
    for (const [method, address] of [
      ['GET', '/callbacks'],
      ['GET', '/callbacks/cb-shown'],
      ['POST', '/callbacks/cb-shown/redrive'],
    ] as const) {
      assert.equal((await plane.api.call(method, address, { token: null })).status, 401);
      assert.equal((await plane.api.callAsMachine(method, address)).status, 404);
    }
  });
});

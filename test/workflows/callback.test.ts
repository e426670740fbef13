/** Callbacks that arrive at once, late, never and again. The time between attempts is skipped. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { until } from '../../engine/until.ts';
import { ensureSigningSecret } from '../../callbacks/signing-secrets.ts';
import { createDataConverter } from '../../codec/data-converter.ts';
import { createKeyring } from '../../store/keyring.ts';
import type { Callback, CallbackAttempt } from '../../store/callback-log.ts';
import type { callbackDelivery } from '../../workflows/callback/delivery.ts';
import {
  callbackWorkflowId,
  redriveRequestedSignal,
  type CallbackDeliveryInput,
  type CallbackOrder,
} from '../../workflows/contract/callback.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import { newKey } from '../support/keys.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import type { tellsAndEnds } from './callback-parent.ts';

const { History } = proto.temporal.api.history.v1;

const minute = 60_000;
const hour = 60 * minute;

describe('a callback', () => {
  const key = newKey();
  let house: LifecycleHouse;
  let receiver: Receiver;
  let secret: string;
  let callbacks = 0;

  before(async () => {
    house = await openLifecycleHouse(key);
    receiver = await startReceiver();
    secret = await ensureSigningSecret(house.store.secrets, 'run-1');
  });
  after(async () => {
    await receiver[Symbol.asyncDispose]();
    await house[Symbol.asyncDispose]();
  });

  function order(overrides: Partial<CallbackOrder> = {}): CallbackOrder {
    receiver.received.length = 0;
    const id = `cb-${(callbacks += 1)}`;
    const data = { runId: 'run-1', status: 'completed' };
    return { id, subject: 'run:run-1', type: 'run.completed', url: receiver.url, signer: 'run-1', data, ...overrides };
  }

  type Delivery = WorkflowHandle<typeof callbackDelivery>;

  function start(input: CallbackDeliveryInput): Promise<Delivery> {
    return house.env.client.workflow.start<typeof callbackDelivery>('callbackDelivery', {
      taskQueue: controlPlaneQueue,
      workflowId: callbackWorkflowId(input.callbackId),
      args: [input],
    });
  }

  const deliver = (sent: CallbackOrder): Promise<Delivery> => start({ callbackId: sent.id, order: sent });

  async function logOf(id: string): Promise<{ callback: Callback; attempts: CallbackAttempt[] }> {
    const callback = await house.store.callbacks.read(id);
    assert.ok(callback);
    return { callback, attempts: await house.store.callbacks.attempts(id) };
  }

  /** How long the delivery took, in the server's time. */
  async function lasted(delivery: Delivery): Promise<number> {
    const { startTime, closeTime } = await delivery.describe();
    return closeTime!.getTime() - startTime.getTime();
  }

  /** Answers with these statuses, one after the other; the last one stays. */
  function answerWith(...statuses: [number, ...number[]]): void {
    const waiting = statuses.values();
    let status = statuses[0];
    receiver.answer = (_request, response) => {
      status = waiting.next().value ?? status;
      response.writeHead(status).end();
    };
  }

  it('arrives signed, as JSON with its type, its time and its data', async () => {
    receiver.answer = 204;
    const sent = order();
    assert.equal(await (await deliver(sent)).result(), 'delivered');

    const [request, ...more] = receiver.received;
    assert.equal(more.length, 0);
    const message = new Webhook(secret).verify(request!.body, request!.headers) as Record<string, unknown>;
    assert.deepEqual(Object.keys(message), ['type', 'timestamp', 'data']);
    assert.deepEqual([message['type'], message['data']], [sent.type, sent.data]);
    assert.ok(!Number.isNaN(Date.parse(String(message['timestamp']))));
    assert.equal(request?.headers['webhook-id'], sent.id);

    const { callback, attempts } = await logOf(sent.id);
    assert.equal(callback.status, 'delivered');
    assert.deepEqual(
      attempts.map(({ statusCode, error }) => [statusCode, error]),
      [[204, null]],
    );
  });

  it('is repeated with growing pauses until it is taken, the same each time', async () => {
    answerWith(500, 302, 404, 200);
    const sent = order();
    const delivery = await deliver(sent);
    assert.equal(await delivery.result(), 'delivered');
    const pauses = (5 + 10 + 20) * 1000;
    const time = await lasted(delivery);
    assert.ok(time >= pauses && time < pauses + 30_000, `${time} ms`);

    assert.equal(receiver.received.length, 4);
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
    assert.deepEqual(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])), new Set([sent.id]));
    for (const { body, headers } of receiver.received) new Webhook(secret).verify(body, headers);
    const { attempts } = await logOf(sent.id);
    assert.deepEqual(
      attempts.map(({ statusCode, error }) => [statusCode, error]),
      [
        [500, 'The receiver answered 500.'],
        [302, 'The receiver answered 302.'],
        [404, 'The receiver answered 404.'],
        [200, null],
      ],
    );
  });

  it('waits as long as the receiver asks for', async () => {
    let isFirst = true;
    receiver.answer = (_request, response) => {
      response.writeHead(isFirst ? 429 : 204, { 'Retry-After': '600' }).end();
      isFirst = false;
    };
    const delivery = await deliver(order());
    assert.equal(await delivery.result(), 'delivered');
    const time = await lasted(delivery);
    assert.ok(time >= 10 * minute && time < 11 * minute, `${time} ms`);
  });

  it('is given up after a day, and the log says why', async () => {
    receiver.answer = 503;
    const sent = order();
    const delivery = await deliver(sent);
    assert.equal(await delivery.result(), 'failed');
    const time = await lasted(delivery);
    assert.ok(time > 22 * hour && time <= 24 * hour + minute, `${time / hour} hours`);
    const { callback, attempts } = await logOf(sent.id);
    assert.equal(callback.status, 'failed');
    assert.ok(callback.attempts > 25 && callback.attempts < 40, `${callback.attempts} attempts`);
    assert.equal(callback.attempts, receiver.received.length);
    assert.equal(attempts.at(-1)?.error, 'The receiver answered 503.');
  });

  it('is given up at once when the receiver wants no more', async () => {
    receiver.answer = 410;
    const sent = order();
    const delivery = await deliver(sent);
    assert.equal(await delivery.result(), 'failed');
    assert.ok((await lasted(delivery)) < minute);
    assert.equal(receiver.received.length, 1);
  });

  it('is given up at once when it must not go there', async () => {
    const sent = order({ url: `http://localhost:${receiver.port}/` });
    assert.equal(await (await deliver(sent)).result(), 'failed');
    assert.equal(receiver.received.length, 0);
    const { attempts } = await logOf(sent.id);
    assert.match(attempts[0]?.error ?? '', /CALLBACK_INSECURE_HOSTS/);
  });

  it('is given up at once when nobody can sign it', async () => {
    const sent = order({ signer: 'nobody' });
    assert.equal(await (await deliver(sent)).result(), 'failed');
    assert.equal(receiver.received.length, 0);
    const { callback, attempts } = await logOf(sent.id);
    assert.equal(callback.status, 'failed');
    assert.equal(attempts[0]?.error, 'There is no secret to sign for nobody.');
  });

  it('that is too large fails, before it is written down', async () => {
    const sent = order({ data: 'x'.repeat(300_000) });
    await assert.rejects((await deliver(sent)).result());
    assert.equal(await house.store.callbacks.read(sent.id), undefined);
  });

  it('is delivered at once when that is asked for, while it waits for its next attempt', async () => {
    answerWith(500);
    const sent = order();
    const delivery = await deliver(sent);
    // The real clock goes here: nothing is awaited that would skip time.
    await until('it was tried', async () => (await house.store.callbacks.attempts(sent.id)).length > 0, { pollMs: 20 });
    receiver.answer = 204;
    await delivery.signal(redriveRequestedSignal);
    assert.equal(await delivery.result(), 'delivered');
    assert.ok((await lasted(delivery)) < minute);
    assert.deepEqual(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])), new Set([sent.id]));
  });

  it('is delivered again after its end when that is asked for, for another day', async () => {
    receiver.answer = 410;
    const sent = order();
    assert.equal(await (await deliver(sent)).result(), 'failed');
    answerWith(500, 500, 204);
    const again = await house.env.client.workflow.signalWithStart<typeof callbackDelivery>('callbackDelivery', {
      taskQueue: controlPlaneQueue,
      workflowId: callbackWorkflowId(sent.id),
      args: [{ callbackId: sent.id }],
      signal: redriveRequestedSignal,
    });
    assert.equal(await again.result(), 'delivered');
    assert.equal(receiver.received.length, 4);
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
    assert.equal((await logOf(sent.id)).callback.status, 'delivered');
  });

  it('is given up when an operator cancels its delivery', async () => {
    receiver.answer = 500;
    const sent = order();
    const delivery = await deliver(sent);
    await until('it was tried', async () => (await house.store.callbacks.attempts(sent.id)).length > 0, { pollMs: 20 });
    await delivery.cancel();
    await assert.rejects(delivery.result());
    assert.equal((await logOf(sent.id)).callback.status, 'failed');
  });

  it('does not hold up the workflow that it tells of, and is sent once', async () => {
    answerWith(500, 500, 204);
    const sent = order();
    const taskQueue = 'parents';
    const worker = await Worker.create({
      connection: house.env.nativeConnection,
      taskQueue,
      workflowsPath: fileURLToPath(new URL('callback-parent.ts', import.meta.url)),
      dataConverter: createDataConverter(createKeyring([key])),
    });
    await worker.runUntil(async () => {
      const parent = await house.env.client.workflow.start<typeof tellsAndEnds>('tellsAndEnds', {
        ...{ taskQueue, workflowId: `parent-of-${sent.id}`, args: [sent] },
      });
      await until('the parent has ended', async () => (await parent.describe()).status.name === 'COMPLETED', {
        pollMs: 20,
      });
    });
    const delivery = house.env.client.workflow.getHandle<typeof callbackDelivery>(callbackWorkflowId(sent.id));
    assert.equal((await delivery.describe()).status.name, 'RUNNING');
    assert.equal(await delivery.result(), 'delivered');
    assert.equal(receiver.received.length, 3);
  });

  it('leaves no secret and no address in clear in its history', async () => {
    receiver.answer = 204;
    const sent = order({ url: `${receiver.url}?canary`, data: { canary: true } });
    const delivery = await deliver(sent);
    await delivery.result();
    const history = Buffer.from(History.encode(await delivery.fetchHistory()).finish());
    assert.ok(history.includes('sendCallback'));
    for (const text of ['canary', secret, Buffer.from(secret.slice('whsec_'.length), 'base64')]) {
      assert.ok(!history.includes(text));
    }
  });
});

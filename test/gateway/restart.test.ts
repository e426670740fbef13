/** The real process under the real supervisor, killed while two clients work through its doors. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { gatewayProcess } from '../../engine/pawl-processes.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import type { Store } from '../../store/store.ts';
import { openAt, placeAt } from '../store/place.ts';
import { openDoorClient } from '../support/door-client.ts';
import type { DoorClient } from '../support/door-client.ts';
import { endpointsAt, openTestDoor, storeKeys, testHostId } from '../support/gateway.ts';
import { anthropicStream, startModelUpstream, startStream } from '../support/model-upstream.ts';
import type { ModelUpstream } from '../support/model-upstream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kills = 4;
const runs = ['run-aaaaaaaaaa', 'run-bbbbbbbbbb', 'run-cccccccccc'];

describe('a gateway that is killed again and again', () => {
  it('is back with all its doors: every event is there once, and every call to a model is counted once', async () => {
    await using scene = await openScene();
    const { clients, upstream, store } = scene;
    const done = new AbortController();
    const conversations = Promise.all(clients.map((client) => converse(client, done.signal)));
    const report = sendEvents(clients[0]!, done.signal);

    for (let kill = 0; kill < kills; kill++) {
      const before = upstream.requests.length;
      await until('work goes on', () => upstream.requests.length > before + 5, { pollMs: 10 });
      await scene.kill();
    }
    const before = upstream.requests.length;
    await until('work goes on after the last kill', () => upstream.requests.length > before + 20, { pollMs: 10 });
    done.abort();
    const [answers, reported] = await Promise.all([conversations, report]);

    assert.deepEqual(scene.badErrors, []);
    const events = await readAll(store, `run:${runs[0]}`);
    assert.deepEqual(
      events.map(({ seq, data }) => [seq, (data as { n: number }).n]),
      Array.from({ length: reported }, (_, index) => [index + 1, index + 1]),
    );
    for (const [index, completed] of answers.entries()) {
      const calls = await store.modelCalls.list(runs[index]!);
      const final = calls.filter(({ isFinal }) => isFinal);
      const sent = upstream.requests.filter(({ body }) => body.includes(runs[index]!)).length;
      assert.ok(calls.length >= sent, `${sent} calls went upstream, ${calls.length} were counted`);
      assert.ok(calls.length <= sent + kills, 'a call that never went upstream is one that a kill prevented');
      assert.ok(final.length >= completed, `the agent saw ${completed} whole answers, ${final.length} were counted`);
      assert.ok(
        final.length <= completed + kills,
        'an answer that was counted and not seen is one that a kill cut off',
      );
      assert.ok(final.every(({ tokens }) => tokens.input === 1000 && tokens.output === 100));
    }
  });
});

interface Scene extends AsyncDisposable {
  store: Store;
  upstream: ModelUpstream;
  clients: (DoorClient & { runId: string })[];
  /** Kills the process; resolves when another one answers. */
  kill(): Promise<void>;
  /** What clients met with that a connection which was cut off, or refused, does not explain. */
  badErrors: string[];
}

async function openScene(): Promise<Scene> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const upstream = cleanup.use(await startModelUpstream());
  upstream.answer(async (_, response) => {
    startStream(response);
    for (const part of anthropicStream().split(/(?<=\n\n)/)) {
      response.write(part);
      await sleep(2);
    }
    response.end();
  });
  const place = placeAt(home);
  const store = cleanup.use(await openAt(place));
  await storeKeys(store);
  for (const runId of runs) await openTestDoor(store, runId, {});

  const supervisor = await openSupervisor(home, () => undefined);
  cleanup.defer(() => supervisor.stop());
  const control = connectToGateway(home);
  const env = {
    ...{ PATH: process.env['PATH'], PAWL_HOME: home, PAWL_SECRET_KEY: place.key, PAWL_HOST_ID: testHostId },
    ...{ ...endpointsAt(upstream.url), GATEWAY_METRICS_ADDRESS: 'off' },
  };
  await supervisor.start(gatewayProcess({ env, ports: [], isUp: () => control.isUp() }));
  const clients = runs.map((runId) => ({ runId, ...openDoorClient(path.join(home, 'gateway', 'doors', runId)) }));
  const stack = cleanup.move();
  return {
    ...{ store, upstream, clients, badErrors },
    async kill() {
      process.kill(openRunRecords(home).read('gateway')!.pid, 'SIGKILL');
      await until('the gateway is dead', async () => !(await control.isUp()), { pollMs: 10 });
      await until('the gateway is back', () => control.isUp(), { pollMs: 10 });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Calls the model until told to stop; returns how many whole answers came. */
async function converse(client: DoorClient & { runId: string }, stop: AbortSignal): Promise<number> {
  let completed = 0;
  while (!stop.aborted) {
    const answer = await attempt(() => client.call('POST', '/v1/messages', { body: { run: client.runId } }));
    if (answer?.status === 200 && answer.text === anthropicStream()) completed++;
    else await sleep(20);
  }
  return completed;
}

/** Sends events, each until it is acknowledged, in overlapping batches; returns how many. */
async function sendEvents(client: DoorClient, stop: AbortSignal): Promise<number> {
  let acked = 0;
  while (!stop.aborted) {
    // The last one again, as a host does that did not hear of it.
    const numbers = [acked, acked + 1, acked + 2].filter((n) => n > 0);
    const body = { events: numbers.map((n) => ({ seq: n, type: 'agent.message', data: { n } })) };
    const answer = await attempt(() => client.call('POST', '/pawl/events', { body }));
    if (answer?.status === 200) acked = (answer.body as { acked: number }).acked;
    else await sleep(20);
  }
  return acked;
}

const badErrors: string[] = [];

async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    // Refused: nobody listens. The others: cut off in the middle.
    if (!['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code)) badErrors.push(code);
    return undefined;
  }
}

async function readAll(store: Store, stream: string) {
  const events = [];
  for (;;) {
    const page = await store.events.read(stream, { after: events.length, limit: 1000 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RunAccepted, RunDetails, RunPage } from '../../api/run-answers.ts';
import { until } from '../../engine/until.ts';
import { runBlobs } from '../../workflows/contract/run.ts';
import { sessionStream, type Turn } from '../../workflows/contract/session-events.ts';
import { sessionWorkflowId } from '../../workflows/contract/session.ts';
import { textOf } from '../support/blob-text.ts';
import { openRunsApi, simpleRun, type RunsApi } from '../support/runs/runs-api.ts';

const repository = { url: 'http://git.test/hello.git', branch: 'main' };

describe('runs over HTTP', () => {
  let runs: RunsApi;
  before(async () => void (runs = await openRunsApi()));
  after(() => runs[Symbol.asyncDispose]());

  const details = async (id: string): Promise<RunDetails> =>
    RunDetails.strict().parse((await runs.call('GET', `/runs/${id}`)).body);
  const listed = async (query: string): Promise<RunPage> =>
    RunPage.parse((await runs.call('GET', `/runs${query}`)).body);

  it('are accepted with exactly the promised fields, and are on record', async () => {
    const answer = await runs.call('POST', '/runs', { body: simpleRun });
    assert.equal(answer.status, 202, answer.text);
    const { id, ahead } = RunAccepted.strict().parse(answer.body);
    assert.equal(answer.headers.get('location'), `/runs/${id}`);
    assert.equal(ahead, 0);
    const [entry] = await runs.house.store.audit.list({ subject: `run:${id}`, limit: 10 });
    assert.equal(entry?.action, 'run.create');
    assert.equal(entry.requestId, answer.headers.get('x-request-id'));
    await runs.ends(id);
  });

  it('need no credential where a model of one’s own is called, and use the one that is stored all the same', async () => {
    await using own = await runs.openAnotherApi({ OPENAI_BASE_URL: 'http://model.example:8000/v1' });
    const ask = (agent: string, more = {}) =>
      own.call('POST', '/runs', { body: { prompt: 'Say hello', agent, ...more } });
    const credentialOf = async ({ body }: Awaited<ReturnType<typeof ask>>) => {
      await runs.ends(String(body['id']));
      const begun = await runs.house.store.events.last(sessionStream(String(body['sessionId'])), 'turn.begun');
      return (begun?.data as Turn).modelCredential;
    };
    assert.equal((await ask('claude')).status, 400);
    assert.equal((await ask('codex', { credential: 'nobodys' })).status, 400);
    assert.equal(await credentialOf(await ask('codex')), null);
    await own.store.credentials.put('openai', { kind: 'openai_api_key', apiKey: 'sk-of-the-test' });
    assert.equal(await credentialOf(await ask('codex')), 'openai');
    await own.store.credentials.remove('openai');
  });

  it('keep their prompt as a blob, in blocks, and none of it but the beginning elsewhere', async () => {
    const prompt = `Say hello. ${'x'.repeat(5000)}`;
    const { id } = await runs.create({ prompt });
    const kept = await textOf(runs.api.services.blobs, runBlobs(id).prompt);
    assert.deepEqual(JSON.parse(kept), [{ type: 'text', text: prompt }]);
    assert.equal((await details(id)).prompt, prompt.slice(0, 200));
    await runs.ends(id);
  });

  it('tell what they do while they go on, and how they ended', async () => {
    const { id, sessionId } = await runs.create({ repository });
    await runs.reaches(id, 'working');
    const working = await details(id);
    assert.equal(working.sessionId, sessionId);
    assert.equal(working.host, 'host-a');
    assert.equal(working.waitingFor?.what, 'the agent to end');
    const minutesLeft = (Date.parse(working.waitingFor.until ?? '') - Date.now()) / 60_000;
    assert.ok(minutesLeft > 60 && minutesLeft <= 65, `${minutesLeft} minutes`);
    assert.equal(working.endedAt, null);
    await runs.ends(id);
    await runs.reaches(id, 'completed');
    const ended = await details(id);
    assert.equal(ended.commit, `commit-of-${id}`);
    assert.deepEqual(ended.artifacts, ['diff', 'bundle', 'transcript', 'logs']);
    assert.deepEqual(ended.usage, {
      ...{ inputTokens: 10, outputTokens: 5 },
      cost: { amount: '0.25', currency: 'USD' },
    });
  });

  it('say which step failed and when it is tried again, and nothing of it any more while it is tried', async () => {
    let failures = 2;
    runs.house.play({
      agent: () => null,
      before: (step) => {
        if (step === 'waitForAgent' && failures > 0) throw new Error(`the engine is away (${failures--})`);
      },
    });
    const { id } = await runs.create();
    const told = new Map<string, number>();
    await until('the agent is waited for', async () => {
      const { what = '', until: next } = (await details(id)).waitingFor ?? {};
      if (next) told.set(what, Date.parse(next));
      return runs.house.world.journal.includes(`waitForAgent ${id}`);
    });
    const [why, next] = [...told].find(([what]) => what.includes('failed 2 times')) ?? ['', NaN];
    assert.match(why, /^waitForAgent to succeed; failed 2 times, last with: the engine is away/);
    // The second pause is of two seconds.
    assert.ok(Math.abs(next - Date.now()) < 10_000, String(next));
    assert.equal((await details(id)).waitingFor?.what, 'the agent to end');
    runs.house.play({ agent: () => null });
    await runs.ends(id);
    await runs.reaches(id, 'completed');
  });

  it('are listed newest first, by status and by session, each once', async () => {
    const ids: string[] = [];
    while (ids.length < 3) ids.push((await runs.create({ sessionId: 'listed' })).id);
    await until('the list has them', async () => (await listed('?sessionId=listed')).count === 3);
    const first = await listed('?sessionId=listed&limit=2');
    const second = await listed(`?sessionId=listed&limit=2&cursor=${first.nextCursor}`);
    const shown = [...first.runs, ...second.runs].map(({ id }) => id);
    assert.deepEqual(shown, ids.toReversed());
    assert.equal(second.nextCursor, null);
    await until('one works', async () => (await listed('?sessionId=listed&status=working')).count === 1);
    assert.equal((await runs.call('GET', '/runs?sessionId=a%27b')).body['error'], 'validation_error');
    for (const id of ids) await runs.ends(id);
  });

  it('are cancelled, also twice and at once, and end in that state alone', async () => {
    const { id } = await runs.create();
    await runs.reaches(id, 'working');
    const answers = await Promise.all([1, 2, 3].map(() => runs.call('POST', `/runs/${id}/cancel`)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202, 202],
    );
    await runs.reaches(id, 'cancelled');
    assert.equal((await details(id)).cancelReason, 'requested');
    assert.equal((await runs.call('POST', `/runs/${id}/cancel`)).status, 202);
  });

  it('cannot be cancelled once they have ended another way', async () => {
    const { id } = await runs.create();
    await runs.ends(id);
    await runs.reaches(id, 'completed');
    const { status, body } = await runs.call('POST', `/runs/${id}/cancel`);
    assert.deepEqual([status, body['error']], [409, 'run_already_ended']);
  });

  it('are one run for one Idempotency-Key, however often and at once it is asked for', async () => {
    const headers = { 'Idempotency-Key': 'one-run' };
    const ask = () => runs.call('POST', '/runs', { body: simpleRun, headers });
    const answers = [...(await Promise.all([ask(), ask(), ask()])), await ask()];
    const ids = new Set(answers.map(({ body }) => body['id']));
    assert.equal(ids.size, 1);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    const { sessionId, id } = answers[0]!.body as { sessionId: string; id: string };
    await until('the list has it', async () => (await listed(`?sessionId=${sessionId}`)).count === 1);
    await runs.ends(id);
  });

  it('say when they were accepted, also if their key was first used by a request that was refused', async () => {
    const headers = { 'Idempotency-Key': 'refused-at-first' };
    const body = { prompt: 'Say hello', agent: 'claude', credential: 'later' };
    const ask = () => runs.call('POST', '/runs', { body, headers });
    assert.equal((await ask()).body['error'], 'invalid_credential');
    const refused = new Date().toISOString();
    await runs.house.store.credentials.put('later', { kind: 'anthropic_api_key', apiKey: 'sk-ant-of-the-test' });

    const accepted = RunAccepted.parse((await ask()).body);
    assert.ok(accepted.createdAt >= refused, `${accepted.createdAt} is before ${refused}`);
    const { createdAt } = await details(accepted.id);
    const query = `?sessionId=${accepted.sessionId}`;
    await until('the list has it', async () => (await listed(query)).count === 1);
    const [inList] = (await listed(query)).runs;
    assert.deepEqual([createdAt, inList?.createdAt], [accepted.createdAt, accepted.createdAt]);
    assert.equal((await ask()).body['createdAt'], accepted.createdAt);
    await runs.ends(accepted.id);
  });

  it('say the same moment to who asks again for an answer that was lost, also when their session has ended', async (t) => {
    const headers = { 'Idempotency-Key': 'answer-lost' };
    const sessionId = 'answer-lost';
    const ask = () => runs.call('POST', '/runs', { body: { ...simpleRun, sessionId }, headers });
    const dying = () => Promise.reject(new Error('the process died here'));
    t.mock.method(runs.house.store.idempotency, 'answer', dying, { times: 1 });
    assert.equal((await ask()).status, 500);
    await until('the list has it', async () => (await listed(`?sessionId=${sessionId}`)).count === 1);
    const { id } = (await listed(`?sessionId=${sessionId}`)).runs[0]!;
    await runs.ends(id);
    await runs.reaches(id, 'completed');
    await runs.house.client.workflow.getHandle(sessionWorkflowId(sessionId)).terminate();
    // Another execution of the session, which knows nothing of the first prompt.
    const other = await runs.create({ sessionId });
    const again = RunAccepted.parse((await ask()).body);
    await runs.ends(other.id);
    assert.deepEqual([again.id, again.createdAt], [id, (await details(id)).createdAt]);
  });

  it('are refused past the cap of what may wait in all, with the moment to come back', async () => {
    await using narrow = await runs.openAnotherApi({ RUN_QUEUE_LIMIT: '1' });
    const sessionId = 'crowded';
    const first = await runs.create({ sessionId });
    await runs.reaches(first.id, 'working');
    const second = await runs.create({ sessionId });
    const count = async (query = '') => (await listed(`?sessionId=${sessionId}${query}`)).count;
    await until('one works and one waits', async () => (await count()) === 2 && (await count('&status=working')) === 1);
    for (const [address, body] of [
      ['/runs', simpleRun],
      [`/sessions/${sessionId}/prompts`, { prompt: 'Go on' }],
    ] as const) {
      const answer = await narrow.call('POST', address, { body });
      assert.deepEqual([answer.status, answer.body['error'], answer.body['retryAfter']], [429, 'busy', 5], answer.text);
      assert.equal(answer.headers.get('retry-after'), '5');
    }
    assert.equal(await count(), 2);
    for (const { id } of [first, second]) await runs.ends(id);
    await runs.reaches(second.id, 'completed');
  });

  it('find the name of an agent in any case', async () => {
    for (const agent of ['Command', 'COMMAND', ' com-mand_']) {
      const { id } = await runs.create({ agent });
      assert.equal((await details(id)).agent, 'command');
      await runs.ends(id);
    }
  });

  it('that nobody has are a 404, whatever is asked of them', async () => {
    for (const id of ['run-aaaaaaaaaa', 'run-1', '..%2f', 'ws-aaaaaa']) {
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/events'],
        ['POST', '/cancel'],
      ] as const) {
        const { status, body } = await runs.call(method, `/runs/${id}${path}`);
        assert.deepEqual([status, body['error']], [404, 'run_not_found'], `${method} ${id}${path}`);
      }
    }
  });
});

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { ExecuteEvent } from '../../api/execute/execute-event.ts';
import { until } from '../../engine/until.ts';
import { runCredentials } from '../../workflows/contract/run.ts';
import { send } from '../support/api.ts';
import { readEvents, type EventReader, type ReadOptions } from '../support/event-reader.ts';
import { openRunsApi, type RunsApi } from '../support/runs/runs-api.ts';

const request = {
  userRequest: 'Say hello',
  codingAssistantProvider: 'command',
  providerOptions: { command: ['echo', 'hello'] },
};
const github = { repoUrl: 'https://git.test/octo/hello.git' };
const key = 'sk-ant-api03-a-key-of-the-test';

describe('POST /execute', () => {
  let runs: RunsApi;
  before(async () => void (runs = await openRunsApi()));
  after(() => runs[Symbol.asyncDispose]());

  const execute = (body: object, options: ReadOptions = {}): Promise<EventReader> =>
    readEvents(`${runs.api.url}/execute`, { method: 'POST', body, ...options });
  const stream = (sessionId: unknown, headers: Record<string, string> = {}): Promise<EventReader> =>
    readEvents(`${runs.api.url}/sessions/${String(sessionId)}/stream`, { headers });
  const connected = async (reader: EventReader) => {
    await until('it is connected', () => reader.events.length > 0);
    const [first] = reader.events;
    return { runId: reader.ids[0]!.split(':')[0]!, sessionId: String(first?.['sessionId']), first };
  };
  const types = ({ events }: EventReader): unknown[] => events.map(({ type }) => type);

  it('streams what happens as events with ids, first the session, last the end', async () => {
    const reader = await execute({ ...request, github });
    assert.equal(reader.status, 200);
    assert.match(reader.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert.equal(reader.headers.get('x-container-id'), hostname());
    const { runId, sessionId } = await connected(reader);
    await runs.reaches(runId, 'working');
    await runs.says(runId, { type: 'assistant', text: 'hello' }, { type: 'result', is_error: false });
    await runs.ends(runId);
    await reader.ended;
    assert.deepEqual(types(reader), [
      ...['connected', 'message', 'message', 'message', 'github_pull_progress', 'github_pull_progress'],
      ...['message', 'session_name', 'branch_created', 'assistant_message', 'assistant_message'],
      ...Array<string>(8).fill('commit_progress'),
      'completed',
    ]);
    for (const event of reader.events) assert.deepEqual(ExecuteEvent.parse(event), event);
    assert.equal(new Set(reader.ids).size, reader.ids.length);
    assert.equal(reader.events.at(-1)?.['sessionId'], sessionId);
  });

  it('clones into a folder of the name that is asked for, else of the repository’s, and says where', async () => {
    for (const [directory, name] of [
      ['my-folder', 'my-folder'],
      [undefined, 'hello'],
    ] as const) {
      const { repoUrl } = github;
      const reader = await execute({ ...request, github: { repoUrl, ...(directory && { directory }) } });
      const { runId } = await connected(reader);
      await runs.ends(runId);
      await reader.ended;
      const progress = reader.events.find(({ data }) => (data as { type?: string } | undefined)?.type === 'completed');
      assert.equal((progress?.['data'] as { targetPath: string }).targetPath, `/work/repo/${name}`);
      assert.equal(runs.house.world.jobs.get(runId)?.directory, name);
    }
  });

  it('goes on for a client that hung up, which comes back to the rest of it', async () => {
    const reader = await execute(request);
    const { runId, sessionId } = await connected(reader);
    await runs.reaches(runId, 'working');
    await runs.says(runId, 'one');
    await until('it was told', () => reader.events.some(({ data }) => data === 'one'));
    reader.hangUp();
    await reader.ended;
    await runs.says(runId, 'two');
    const back = await stream(sessionId, { 'Last-Event-ID': reader.ids.at(-1)! });
    await until('the next is there', () => back.events.length > 0);
    await runs.says(runId, 'three');
    await runs.ends(runId);
    await back.ended;
    assert.deepEqual(
      back.events.map(({ type, data }) => data ?? type),
      ['two', 'three', 'completed'],
    );

    const whole = await stream(sessionId);
    await whole.ended;
    assert.deepEqual([...reader.ids, ...back.ids], whole.ids);
    assert.equal((await stream(sessionId, { 'Last-Event-ID': whole.ids.at(-1)! })).status, 204);
  });

  it('resumes a session if it is stored, and begins one of that name otherwise', async () => {
    const first = await execute({ ...request, websiteSessionId: 'site-1', github });
    const one = await connected(first);
    assert.deepEqual([one.sessionId, one.first?.['resuming']], ['site-1', false]);
    await runs.ends(one.runId);
    await first.ended;
    const second = await execute({ ...request, websiteSessionId: 'site-1' });
    const two = await connected(second);
    assert.deepEqual([two.first?.['resuming'], two.first?.['resumedFrom']], [true, 'site-1']);
    await runs.ends(two.runId);
    await second.ended;
    // It goes on with the repository of the turn before.
    assert.ok(types(second).includes('commit_progress'));
    const whole = await stream('site-1');
    await whole.ended;
    assert.deepEqual(whole.events, [...first.events, ...second.events]);
    const list = await runs.call('GET', '/sessions/site-1/stream', { headers: { Accept: 'application/json' } });
    assert.deepEqual(list.body, whole.events);
  });

  it('queues a second prompt of a session that works, in order', async () => {
    const first = await execute({ ...request, websiteSessionId: 'site-2' });
    const one = await connected(first);
    await runs.reaches(one.runId, 'working');
    const second = await execute({ ...request, websiteSessionId: 'site-2' });
    const two = await connected(second);
    const live = await stream('site-2');
    await runs.ends(one.runId);
    await runs.ends(two.runId);
    await Promise.all([first.ended, second.ended, live.ended]);
    assert.deepEqual(live.events, [...first.events, ...second.events]);
  });

  it('gives the run the credential that came with the request, and takes it away at the end', async () => {
    const { store } = runs.house;
    const body = {
      ...{ userRequest: 'Say hello', codingAssistantProvider: 'ClaudeAgentSDK', codingAssistantAuthentication: key },
      github: { ...github, accessToken: 'a-token-of-the-test' },
    };
    const reader = await execute(body);
    const { runId } = await connected(reader);
    const names = runCredentials(runId);
    assert.deepEqual((await store.credentials.read(names.model))?.value, { kind: 'anthropic_api_key', apiKey: key });
    assert.equal((await store.credentials.read(names.git))?.kind, 'git_token');
    await runs.reaches(runId, 'working');
    const { modelCredential, repository } = await turnOf(reader);
    assert.deepEqual([modelCredential, repository?.credential], [names.model, names.git]);
    await runs.ends(runId);
    await reader.ended;
    const logs = runs.api.logLines.join('');
    assert.ok(!logs.includes(key) && !logs.includes('a-token-of-the-test'));
  });

  async function turnOf(reader: EventReader) {
    const { sessionId } = await connected(reader);
    const [event] = await runs.house.store.events.read(`session:${sessionId}`, { after: 0, limit: 1 });
    return event?.data as { modelCredential: string | null; repository: { credential: string | null } | null };
  }

  it('finds a stored credential by its name, or by the name of the model’s API', async () => {
    const { store } = runs.house;
    await store.credentials.put('mine', { kind: 'anthropic_api_key', apiKey: key });
    await store.credentials.put('anthropic', { kind: 'anthropic_api_key', apiKey: key });
    for (const [given, used] of [
      ['mine', 'mine'],
      [undefined, 'anthropic'],
      ['FROM_ENV', 'anthropic'],
    ]) {
      const reader = await execute({
        ...{ userRequest: 'Hi', codingAssistantProvider: 'Claude Code', codingAssistantAuthentication: given },
      });
      const { runId } = await connected(reader);
      await runs.reaches(runId, 'working');
      assert.equal((await turnOf(reader)).modelCredential, used);
      await runs.ends(runId);
      await reader.ended;
    }
  });

  it('is one run for one Idempotency-Key: a repeat streams it from the start, also when it has ended', async () => {
    const headers = { 'Idempotency-Key': 'one-execution' };
    const first = await execute(request, { headers });
    const second = await execute(request, { headers });
    const one = await connected(first);
    assert.equal((await connected(second)).runId, one.runId);
    await runs.ends(one.runId);
    await Promise.all([first.ended, second.ended]);
    const third = await execute(request, { headers });
    await third.ended;
    assert.deepEqual([second.events, third.events], [first.events, first.events]);
  });

  it('tells of a run that failed with an error and its code', async () => {
    const reader = await execute(request);
    const { runId } = await connected(reader);
    await runs.ends(runId, { outcome: 'failed', reason: 'process exited with code 1' });
    await reader.ended;
    const { type, code, error } = reader.events.at(-1)!;
    assert.deepEqual([type, code, error], ['error', 'internal_error', 'process exited with code 1']);
  });

  it('refuses only past the cap of what may wait, and says when to come back', async () => {
    await using narrow = await runs.openAnotherApi({ SESSION_QUEUE_LIMIT: '1' });
    const readers: EventReader[] = [];
    while (readers.length < 2) {
      const reader = await readEvents(`${narrow.url}/execute`, {
        method: 'POST',
        body: { ...request, websiteSessionId: 'site-3' },
      });
      assert.equal(reader.status, 200);
      await connected(reader);
      readers.push(reader);
      await until('the first works', async () => (await queueOf('site-3'))['working'] !== null);
    }
    const answer = await send(`${narrow.url}/execute`, 'POST', { body: { ...request, websiteSessionId: 'site-3' } });
    assert.equal(answer.status, 429, answer.text);
    assert.equal(answer.headers.get('retry-after'), '5');
    const { error, retryAfter, containerId } = answer.body;
    assert.deepEqual([error, retryAfter, containerId], ['busy', 5, hostname()]);
    for (const reader of readers) {
      await runs.ends((await connected(reader)).runId);
      await reader.ended;
    }
  });

  const queueOf = async (id: string) => (await runs.call('GET', `/sessions/${id}`)).body;

  it('says what the workers do, without ever refusing', async () => {
    const idle = await runs.call('GET', '/status', { token: null });
    assert.equal(idle.status, 200);
    assert.deepEqual(Object.keys(idle.body).sort(), ['containerId', 'status', 'timestamp']);
    await until('nothing works', async () => (await runs.call('GET', '/status')).body['status'] === 'idle');
    const made = [await runs.create(), await runs.create()];
    await until('every place is taken', async () => (await runs.call('GET', '/status')).body['status'] === 'busy');
    assert.equal((await runs.call('GET', '/status')).status, 200);
    const health = await runs.call('GET', '/health', { token: null });
    assert.deepEqual(Object.keys(health.body).sort(), ['containerId', 'status', 'timestamp', 'tmpDir', 'workerStatus']);
    assert.equal(health.body['status'], 'ok');
    for (const { id } of made) await runs.ends(id);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RunDetails } from '../../api/run-answers.ts';
import { SessionDeleted, SessionDetails, SessionInterrupted, SessionPage } from '../../api/session-answers.ts';
import { failure } from '../../activities/failures.ts';
import { until } from '../../engine/until.ts';
import { closeSessionUpdate, sessionWorkflowId } from '../../workflows/contract/session.ts';
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import { runStream } from '../../workflows/contract/run.ts';
import { openRunsApi, simpleRun, type RunsApi } from '../support/runs/runs-api.ts';

const repository = { url: 'https://git.test/octo/hello.git', branch: 'main' };

describe('sessions over HTTP', () => {
  let runs: RunsApi;
  before(async () => void (runs = await openRunsApi()));
  after(() => runs[Symbol.asyncDispose]());

  const details = async (id: string): Promise<SessionDetails> =>
    SessionDetails.strict().parse((await runs.call('GET', `/sessions/${id}`)).body);
  const prompt = (id: string, body: object = {}) =>
    runs.call('POST', `/sessions/${id}/prompts`, { body: { prompt: 'Go on', ...body } });

  it('show their repository, their turns and what waits, from the first moment on', async () => {
    const first = await runs.create({ sessionId: 'shown', repository });
    const second = await runs.create({ sessionId: 'shown', repository });
    await until('the first works', async () => (await details('shown')).working === first.id);
    const shown = await details('shown');
    assert.deepEqual([shown.turns, shown.waiting], [[first.id], [second.id]]);
    assert.deepEqual([shown.repositoryOwner, shown.repositoryName, shown.provider], ['octo', 'hello', 'command']);
    assert.deepEqual(shown.github, { repoUrl: repository.url, baseBranch: 'main', clonedPath: '/work/repo/hello' });
    await runs.ends(first.id);
    await runs.ends(second.id);
    await until('nothing works', async () => (await details('shown')).working === null);
  });

  it('publish what they could not publish before, when that is asked for, and say whether there is any', async () => {
    const publish = (body: object = {}) => runs.call('POST', '/sessions/left/publish', { body });
    const world = runs.house.world;
    runs.house.play({
      agent: () => null,
      before: (name) => {
        if (name === 'publishBranch') throw failure('PublishRefused', 'not today');
      },
    });
    const first = await runs.create({ sessionId: 'left', repository });
    await runs.ends(first.id);
    await runs.reaches(first.id, 'completed');
    const keep = async (runId: string) =>
      await runs.house.store.sessions.keep('left', { runId, checkpoint: world.sessions.get('left')!.checkpoint });
    await keep(first.id);
    assert.equal((await details('left')).hasUnpublished, true);

    runs.house.play({ agent: () => null });
    const accepted = await publish();
    assert.deepEqual([accepted.status, accepted.body['sessionId']], [202, 'left']);
    const runId = String(accepted.body['id']);
    assert.equal(accepted.headers.get('location'), `/runs/${runId}`);
    await runs.reaches(runId, 'completed');
    const shown = RunDetails.parse((await runs.call('GET', `/runs/${runId}`)).body);
    assert.deepEqual([shown.commit, shown.startedAt], [`commit-of-${first.id}`, null]);
    await keep(runId);
    assert.deepEqual((await details('left')).turns, [first.id, runId]);

    await until('nothing works', async () => (await details('left')).working === null);
    const again = await publish();
    assert.deepEqual([again.status, again.body['error']], [409, 'nothing_to_publish']);
    for (const policy of ['none', 'pull_request']) {
      assert.equal((await publish({ publish: policy })).status, 400, policy);
    }
    assert.equal((await runs.call('POST', '/sessions/nobodys/publish', { body: {} })).status, 404);
  });

  it('are listed newest first, in pages', async () => {
    const made = [await runs.create(), await runs.create(), await runs.create()];
    const page = async (query: string) => SessionPage.parse((await runs.call('GET', `/sessions${query}`)).body);
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.nextCursor}`);
    const ids = [...first.sessions, ...second.sessions].map(({ sessionId }) => sessionId);
    assert.deepEqual(ids.slice(0, 3), made.map(({ sessionId }) => sessionId).toReversed());
    const all = await page('');
    assert.deepEqual([all.count, all.nextCursor], [all.sessions.length, null]);
    for (const { id } of made) await runs.ends(id);
  });

  it('take further prompts in order, each as the turn before where it says nothing else', async () => {
    const first = await runs.create({ sessionId: 'further', repository, limits: { minutes: 7 } });
    const answers = [await prompt('further'), await prompt('further', { publish: 'none' })];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body['sessionId'], body['ahead']]),
      [
        [202, 'further', 1],
        [202, 'further', 2],
      ],
    );
    const [second, third] = answers.map(({ body }) => String(body['id']));
    for (const id of [first.id, second!, third!]) await runs.ends(id);
    await runs.reaches(third!, 'completed');
    assert.deepEqual((await details('further')).turns, [first.id, second, third]);
    const { began } = runs.house.world;
    assert.deepEqual(began.slice(-3), [first.id, second, third]);
    const asked = RunDetails.parse((await runs.call('GET', `/runs/${second}`)).body);
    assert.deepEqual([asked.repoUrl, asked.commit], [repository.url, `commit-of-${second}`]);
    assert.equal((await runs.call('GET', `/runs/${third}`)).body['commit'], null);
    assert.equal(runs.house.world.jobs.get(second!)?.limits.minutes, 7);
  });

  it('are interrupted: the turn is cancelled, and what waits goes on', async () => {
    const first = await runs.create({ sessionId: 'interrupted' });
    await runs.reaches(first.id, 'working');
    const second = String((await prompt('interrupted')).body['id']);
    const answer = await runs.call('POST', '/sessions/interrupted/interrupt');
    assert.equal(answer.status, 202);
    assert.equal(SessionInterrupted.strict().parse(answer.body).runId, first.id);
    await runs.reaches(first.id, 'cancelled');
    await runs.reaches(second, 'working');
    await runs.ends(second);
    await runs.reaches(second, 'completed');
    await until('nothing is left to interrupt', async () => {
      const { body } = await runs.call('POST', '/sessions/interrupted/interrupt');
      return body['runId'] === null;
    });
  });

  it('are forgotten with everything that goes on in them, also when asked twice', async () => {
    const first = await runs.create({ sessionId: 'forgotten' });
    await runs.reaches(first.id, 'working');
    const second = String((await prompt('forgotten')).body['id']);
    const answer = await runs.call('DELETE', '/sessions/forgotten');
    assert.equal(answer.status, 200, answer.text);
    SessionDeleted.strict().parse(answer.body);
    for (const id of [first.id, second]) await runs.reaches(id, 'cancelled');
    assert.equal((await runs.call('DELETE', '/sessions/forgotten')).status, 200);
    for (const path of ['', '/stream']) {
      const { status, body } = await runs.call('GET', `/sessions/forgotten${path}`);
      assert.deepEqual([status, body['error']], [404, 'session_not_found']);
    }
  });

  const isResuming = async (runId: string): Promise<unknown> => {
    await runs.reaches(runId, 'working');
    const [accepted] = await runs.house.store.events.read(runStream(runId), { after: 0, limit: 1 });
    return (accepted?.data as RunEvents['run.accepted']).resuming;
  };

  it('begin anew under the same id as soon as they are deleted', async () => {
    const before = await runs.create({ sessionId: 'anew', repository });
    await runs.reaches(before.id, 'working');
    assert.equal((await runs.call('DELETE', '/sessions/anew')).status, 200);
    const { id } = await runs.create({ sessionId: 'anew' });
    assert.equal(await isResuming(id), false);
    const { turns, working, github } = await details('anew');
    assert.deepEqual([turns, working, github], [[id], id, undefined]);
    await runs.ends(id);
    await runs.reaches(id, 'completed');
  });

  it('are not stored for a prompt that is refused', async () => {
    const { id } = await runs.create({ sessionId: 'closing' });
    await runs.house.client.workflow.getHandle(sessionWorkflowId('closing')).executeUpdate(closeSessionUpdate);
    await runs.reaches(id, 'cancelled');
    await runs.house.store.sessions.remove('closing');
    const refused = await runs.call('POST', '/runs', { body: { ...simpleRun, sessionId: 'closing' } });
    assert.deepEqual([refused.status, refused.body['error']], [409, 'session_closing']);
    assert.equal(await runs.house.store.sessions.read('closing'), undefined);
  });

  it('are not resumed when nothing has ever happened in them', async () => {
    await runs.house.store.sessions.ensure({ id: 'empty', owner: 'owner', agent: 'command', repository: null });
    const first = await runs.create({ sessionId: 'empty' });
    const second = await runs.create({ sessionId: 'empty' });
    assert.equal(await isResuming(first.id), false);
    await runs.ends(first.id);
    assert.equal(await isResuming(second.id), true);
    await runs.ends(second.id);
    await runs.reaches(second.id, 'completed');
  });

  it('of another caller are a 404, as are those that nobody has', async () => {
    const other = { owner: 'somebody else', agent: 'command', repository: null };
    await runs.house.store.sessions.ensure({ id: 'others', ...other });
    const body = { prompt: 'Mine now' };
    for (const id of ['others', 'nobodys', '..%2f', 'a b']) {
      for (const [method, path, request] of [
        ['GET', '', {}],
        ['GET', '/stream', {}],
        ['POST', '/prompts', { body }],
        ['POST', '/interrupt', {}],
      ] as const) {
        const answer = await runs.call(method, `/sessions/${id}${path}`, request);
        assert.deepEqual([answer.status, answer.body['error']], [404, 'session_not_found'], `${method} ${id}${path}`);
      }
    }
    assert.equal((await runs.call('DELETE', '/sessions/others')).status, 404);
    const asked = await runs.call('POST', '/runs', {
      body: { prompt: 'Mine now', agent: 'command', options: { command: ['true'] }, sessionId: 'others' },
    });
    assert.deepEqual([asked.status, asked.body['error']], [404, 'session_not_found']);
  });

  it('go on when the events of their turns are forgotten already', async () => {
    const { store } = runs.house;
    const first = await runs.create({ sessionId: 'old', repository });
    await runs.ends(first.id);
    await runs.reaches(first.id, 'completed');
    await until('nothing works', async () => (await details('old')).working === null);
    await store.events.removeStreamsOlderThan(new Date(Date.now() + 1000), 'session:');
    const told = await runs.call('GET', '/sessions/old/stream');
    assert.equal(told.status, 200);
    const further = await prompt('old');
    assert.equal(further.status, 202, further.text);
    const second = String(further.body['id']);
    await runs.ends(second);
    await runs.reaches(second, 'completed');
    assert.equal((await runs.call('GET', `/runs/${second}`)).body['repoUrl'], repository.url);
  });

  it('refuse a cursor that is not theirs, or none', async () => {
    const mine = await runs.create({ sessionId: 'cursor' });
    const other = await runs.create();
    await runs.ends(mine.id);
    await runs.ends(other.id);
    await runs.reaches(mine.id, 'completed');
    for (const id of ['5', 'run-1:2', `${other.id}:1`, `${mine.id}:x`, `${mine.id}:1.0`, 'run-aaaaaaaaaa:1']) {
      for (const request of [
        { query: `?after=${encodeURIComponent(id)}`, headers: {} },
        { query: '', headers: { 'Last-Event-ID': id } },
      ]) {
        const { headers } = request;
        const { status, body } = await runs.call('GET', `/sessions/cursor/stream${request.query}`, { headers });
        assert.deepEqual([status, body['error']], [400, 'invalid_cursor'], id);
      }
    }
  });
});

/** What a newcomer does without a key for a model, from `pawl start` to a branch with two commits, with every part real. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ExecuteEvent } from '../../api/execute/execute-event.ts';
import { until } from '../../engine/until.ts';
import { readEvents, type EventReader } from '../support/event-reader.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openInstallation, type Installation } from '../support/installation.ts';

const run = promisify(execFile);

/** Writes the prompt down, and says so. */
const command = ['sh', '-c', 'cat >> NOTES.md; echo >> NOTES.md; echo written'];

describe('a newcomer without a key', () => {
  let git: GitServer;
  let installation: Installation;
  let repoUrl: string;
  let branch: string;

  before(async () => {
    git = await startGitServer();
    const host = `127.0.0.1:${git.port}`;
    repoUrl = `http://${host}${await git.addRepository('hello.git', { 'README.md': '# hello\n' })}`;
    installation = await openInstallation(host, { WORKER_ROLES: 'control-plane,runner' });
  });
  after(async () => {
    await installation[Symbol.asyncDispose]();
    await git.close();
  });

  const execute = (body: object): Promise<EventReader> =>
    readEvents(`${installation.url}/execute`, {
      method: 'POST',
      body: { codingAssistantProvider: 'Command', providerOptions: { command }, ...body },
    });
  const hello = async (...args: string[]): Promise<string> =>
    (await run('git', ['-C', git.folderOf('hello.git'), ...args])).stdout;
  const lastOf = ({ events }: EventReader) => JSON.stringify(events.at(-1));

  it('hands over a prompt, and sees what happens in the order in which it does', async () => {
    const reader = await execute({ userRequest: 'Write this down', websiteSessionId: 'mine', github: { repoUrl } });
    assert.equal(reader.status, 200);
    await reader.ended;
    const told = reader.events.map((event) => ExecuteEvent.parse(event));
    const stages = told.flatMap((event) => (event.type === 'commit_progress' ? [event.stage] : []));
    const types = told.map(({ type }) => type).filter((type) => type !== 'message' && type !== 'commit_progress');
    assert.deepEqual(
      types,
      [
        ...['connected', 'github_pull_progress', 'github_pull_progress', 'session_name', 'branch_created'],
        ...['assistant_message', 'completed'],
      ],
      lastOf(reader),
    );
    assert.deepEqual(stages, [
      ...['analyzing', 'creating_branch', 'generating_message', 'committing', 'committed', 'pushing', 'pushed'],
      'completed',
    ]);
    const said = told.find((event) => event.type === 'assistant_message');
    assert.deepEqual(said?.data, { type: 'text', text: 'written' });
  });

  it('finds a branch with one commit', async () => {
    const created = (await streamOf('mine')).find(({ type }) => type === 'branch_created');
    branch = String(created?.['branchName']);
    assert.match(branch, /^claude\/write-this-down-[a-z0-9]{8}$/);
    assert.equal(await hello('show', `${branch}:NOTES.md`), 'Write this down\n');
    assert.equal((await hello('rev-list', '--count', `main..${branch}`)).trim(), '1');
  });

  it('goes on with the session, by its name alone, where nothing of it is left', async () => {
    assert.deepEqual(await installation.thingsOfRuns(), []);
    const reader = await execute({ userRequest: 'And this', websiteSessionId: 'mine' });
    await reader.ended;
    assert.equal(reader.events[0]?.['resuming'], true);
    assert.equal(reader.events.at(-1)?.['type'], 'completed', lastOf(reader));
    assert.equal(await hello('show', `${branch}:NOTES.md`), 'Write this down\nAnd this\n');
    assert.equal((await hello('rev-list', '--count', `main..${branch}`)).trim(), '2');
  });

  it('hangs up, kills the API, and finds every event in the session all the same', async () => {
    const slow = ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.5; done'];
    const reader = await execute({ userRequest: 'Count', providerOptions: { command: slow } });
    await until('it has said something', () => reader.events.some(({ type }) => type === 'assistant_message'));
    reader.hangUp();
    await reader.ended;
    await installation.kill('api');
    await installation.untilWhole();
    const sessionId = String(reader.events[0]?.['sessionId']);
    const back = await readEvents(`${installation.url}/sessions/${sessionId}/stream`, {
      headers: { 'Last-Event-ID': reader.ids.at(-1)! },
    });
    await back.ended;
    assert.deepEqual([...reader.events, ...back.events], await streamOf(sessionId));
    const lines = (await streamOf(sessionId)).filter(({ type }) => type === 'assistant_message');
    assert.deepEqual(
      lines.map(({ data }) => (data as { text: string }).text),
      Array.from({ length: 8 }, (_, index) => `line ${index + 1}`),
    );
  });

  it('downloads what a run changed, and sees every event of both turns in one list', async () => {
    const { body } = await installation.call('GET', '/sessions/mine');
    const [, second] = body['turns'] as string[];
    const { text } = await installation.call('GET', `/runs/${second}/artifacts/diff`);
    assert.match(text, /^\+And this$/m);
    const types = (await streamOf('mine')).map(({ type }) => type);
    assert.deepEqual(types.filter((type) => type === 'connected' || type === 'completed').length, 4);
  });

  it('publishes later, without another turn of the agent, what the repository did not take', async () => {
    git.guard = ({ url }) => (url?.includes('git-receive-pack') ? { status: 403 } : undefined);
    const refused = await execute({ userRequest: 'Not today', websiteSessionId: 'mine' });
    await refused.ended;
    assert.equal(refused.events.at(-1)?.['type'], 'completed', lastOf(refused));
    assert.equal((await installation.call('GET', '/sessions/mine')).body['hasUnpublished'], true);
    git.guard = () => undefined;

    const accepted = await installation.call('POST', '/sessions/mine/publish', { body: {} });
    assert.equal(accepted.status, 202, accepted.text);
    const reader = await readEvents(`${installation.url}/runs/${String(accepted.body['id'])}/events`);
    await reader.ended;
    assert.equal(reader.events.at(-1)?.['type'], 'run.completed', lastOf(reader));
    assert.equal(await hello('show', `${branch}:NOTES.md`), 'Write this down\nAnd this\nNot today\n');
    assert.equal((await hello('rev-list', '--count', `main..${branch}`)).trim(), '3');
    assert.equal((await installation.call('GET', '/sessions/mine')).body['hasUnpublished'], false);
  });

  async function streamOf(sessionId: string): Promise<Record<string, unknown>[]> {
    const headers = { Accept: 'application/json' };
    const { text } = await installation.call('GET', `/sessions/${sessionId}/stream`, { headers });
    return JSON.parse(text) as Record<string, unknown>[];
  }
});

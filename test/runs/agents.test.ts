/** Runs of agents that call a model: their real programs, a scripted model on loopback behind the gateway. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { docker } from '../support/docker.ts';
import { endpointsAt, storeKeys, testKeys } from '../support/gateway.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { startModelEndpoint, type ModelEndpoint } from '../support/model-endpoint/index.ts';
import { openRunnerHouse, type RunnerHouse } from '../support/runs/runner-house.ts';

const run = promisify(execFile);

/** Gemini CLI as somebody would start it who brings it along. */
const geminiByHand = [
  'sh',
  '-c',
  `mkdir -p ~/.gemini && echo '{"security":{"auth":{"selectedType":"gemini-api-key"}}}' > ~/.gemini/settings.json
exec node /opt/pawl/node_modules/@google/gemini-cli/bundle/gemini.js --acp --yolo --model gemini-2.5-flash`,
];

describe('a run of an agent with a model', () => {
  let git: GitServer;
  let model: ModelEndpoint;
  let house: RunnerHouse;
  let repository: { url: string; branch: null; directory: null; credential: null };

  before(async () => {
    git = await startGitServer();
    model = await startModelEndpoint();
    const url = `http://127.0.0.1:${git.port}${await git.addRepository('hello.git', { 'README.md': 'Hello\n' })}`;
    repository = { url, branch: null, directory: null, credential: null };
    house = await openRunnerHouse({ ...endpointsAt(model.url), GIT_INSECURE_HOSTS: `127.0.0.1:${git.port}` });
    await storeKeys(house.store);
  });
  after(async () => {
    await house[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
    await git.close();
  });

  const read = async (branch: string, file: string): Promise<string> =>
    (await run('git', ['-C', git.folderOf('hello.git'), 'show', `${branch}:${file}`])).stdout;

  for (const [agent, credential] of [
    ['claude', 'anthropic'],
    ['codex', 'openai'],
  ] as const) {
    it(`pushes what ${agent} did, counts what it used, and goes on with the conversation elsewhere`, async () => {
      const asked = { agent, modelCredential: credential, repository };
      const first = await house.prompt('Do it, SCRIPT:write', asked);
      const ended = await first.ends();
      assert.deepEqual([ended.status, ended.error, ended.text], ['completed', null, 'Done: hello.txt is written.']);
      assert.deepEqual([ended.usage?.inputTokens, ended.usage?.outputTokens], [3000, 300]);
      assert.equal(await read(ended.branch ?? '', 'hello.txt'), 'hello from the model\n');

      await house.moveTo(`host-after-${agent}`);
      const second = await house.prompt('Go on, SCRIPT:again', { ...asked, sessionId: first.input.sessionId });
      const after = await second.ends();
      assert.deepEqual([after.status, after.error, after.branch], ['completed', null, ended.branch]);
      assert.equal(await read(ended.branch ?? '', 'again.txt'), 'second turn\n');
      const bodies = model.requests.filter(({ body }) => body.includes('SCRIPT:again')).map(({ body }) => body);
      assert.ok(
        bodies.some((body) => body.includes('SCRIPT:write')),
        'the model sees the first turn',
      );
      assert.deepEqual(await house.things(), []);
    });
  }

  it('lets any program of the Agent Client Protocol call the models that a credential is stored for', async () => {
    const asked = { agent: 'acp', options: { command: geminiByHand }, repository } as const;
    const stored = await (await house.prompt('Do it, SCRIPT:write', asked)).ends();
    assert.deepEqual([stored.status, stored.error], ['completed', null]);
    assert.equal(await read(stored.branch ?? '', 'hello.txt'), 'hello from the model\n');
    const named = await (await house.prompt('Do it, SCRIPT:write', { ...asked, modelCredential: 'google' })).ends();
    assert.deepEqual([named.status, named.error], ['completed', null]);
    const keys = model.requests.filter(({ api }) => api === 'google').map(({ headers }) => headers['x-goog-api-key']);
    assert.deepEqual([...new Set(keys)], [testKeys.google]);
    const other = await (await house.prompt('Do it, SCRIPT:write', { ...asked, modelCredential: 'openai' })).ends();
    assert.equal(other.errorCode, 'AgentFailed');
    assert.match(other.error ?? '', /This run has no credential for google/);
  });

  for (const [agent, limit, words] of [
    ['claude', { tokens: 1500 }, "This run's budget of 1500 tokens is spent."],
    ['claude', { costMicros: 10 }, "This run's budget of 0.00001 US dollars is spent."],
    ['codex', { tokens: 1500 }, "This run's budget of 1500 tokens is spent."],
    ['acp', { tokens: 1500 }, "This run's budget of 1500 tokens is spent."],
  ] as const) {
    it(`of ${agent} that has used up its ${Object.keys(limit).join()} ends for that`, async () => {
      const limits = { minutes: 10, turns: null, tokens: null, costMicros: null, ...limit };
      const options =
        agent === 'acp' ? { command: geminiByHand } : agent === 'claude' ? { model: 'claude-sonnet-4-5' } : {};
      const modelCredential = agent === 'acp' ? null : agent === 'claude' ? 'anthropic' : 'openai';
      const view = await house.prompt('Do it, SCRIPT:many', { agent, options, modelCredential, limits, repository });
      const ended = await view.ends();
      assert.deepEqual([ended.status, ended.errorCode, ended.error], ['failed', 'LimitReached', words]);
      assert.ok((await view.types()).includes('budget.spent'));
    });
  }

  it('has its limit of money for itself: what turns before it cost is not counted again', async () => {
    const limits = { minutes: 10, turns: null, tokens: null, costMicros: 20_000 };
    const options = { model: 'claude-sonnet-4-5' };
    const asked = { agent: 'claude', modelCredential: 'anthropic', repository, limits, options } as const;
    const first = await house.prompt('Do it, SCRIPT:write', asked);
    // Three answers of 4,500 each.
    assert.deepEqual((await first.ends()).usage?.cost, { micros: 13_500, currency: 'USD' });
    const { sessionId } = first.input;
    for (const prompt of ['Go on, SCRIPT:again', 'And on, SCRIPT:write']) {
      const ended = await (await house.prompt(prompt, { ...asked, sessionId })).ends();
      assert.deepEqual([ended.status, ended.error], ['completed', null]);
    }
  });

  it('goes on in the same volume when its container is killed, and says so', async () => {
    const asked = { agent: 'claude', modelCredential: 'anthropic', repository } as const;
    const view = await house.prompt('Do it, SCRIPT:many', asked);
    await view.says('tool_result');
    const [container = ''] = await house.things();
    await docker('kill', container);
    const ended = await view.ends();
    assert.deepEqual([ended.status, ended.error], ['completed', null]);
    const events = await view.events();
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.ok(events.some(({ type }) => type === 'run.moved'));
    const started = events
      .filter(({ type }) => type === 'agent.started')
      .map(({ data }) => data as { resumed: unknown });
    assert.deepEqual(
      started.map(({ resumed }) => resumed),
      [null, 'volume'],
    );
    assert.equal(events.filter(({ type }) => type === 'agent.ended').length, 1);
  });

  it('fails with what the provider says of the credential, and leaves nothing', async () => {
    await house.store.credentials.put('bad', { kind: 'anthropic_api_key', apiKey: 'sk-ant-not-a-good-one' });
    const view = await house.prompt('Do it, SCRIPT:status-401', {
      agent: 'claude',
      modelCredential: 'bad',
      repository,
    });
    const ended = await view.ends();
    assert.equal(ended.status, 'failed');
    assert.deepEqual(await house.things(), []);
    const again = await house.prompt('Do it', { agent: 'claude', modelCredential: 'bad', repository });
    const refused = await again.ends();
    assert.deepEqual([refused.status, refused.errorCode], ['failed', 'CredentialRefused']);
    assert.ok(!(await again.types()).includes('run.queued'), 'it was refused before anything was made');
  });

  it('is refused with a key that its provider does not take, before any container is made, and works with a good one', async () => {
    const key = 'sk-ant-a-revoked-one';
    model.refuseKey(key);
    await house.store.credentials.put('revoked', { kind: 'anthropic_api_key', apiKey: key });
    const asked = { agent: 'claude', modelCredential: 'revoked', repository } as const;
    const since = new Date();

    const view = await house.prompt('Do it, SCRIPT:write', asked);
    const refused = await view.ends();
    assert.deepEqual([refused.status, refused.errorCode], ['failed', 'CredentialRefused']);
    assert.equal(refused.error, 'The credential "revoked" does not work: Refused by anthropic (401).');
    assert.deepEqual(await view.types(), ['run.accepted', 'run.failed']);
    assert.deepEqual(await house.madeSince(since), []);
    const noted = (await house.store.credentials.list()).find(({ name }) => name === 'revoked');
    assert.equal(noted?.failing, 'Refused by anthropic (401).');
    const { events = [] } = await view.handle.fetchHistory().then(({ events: all }) => ({ events: all ?? [] }));
    assert.ok(!JSON.stringify(events).includes(key));

    await house.store.credentials.put('revoked', { kind: 'anthropic_api_key', apiKey: 'sk-ant-a-good-one' });
    const again = await house.prompt('Do it, SCRIPT:write', { ...asked, sessionId: view.input.sessionId });
    const ended = await again.ends();
    assert.deepEqual([ended.status, ended.error], ['completed', null]);
    assert.equal((await house.madeSince(since)).length, 1);
  });

  it('has left no key anywhere but sealed', async () => {
    for (const file of await readdir(house.home, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const bytes = await readFile(path.join(file.parentPath, file.name));
      for (const key of Object.values(testKeys)) assert.ok(!bytes.includes(key), `${file.name} holds ${key}`);
    }
  });
});

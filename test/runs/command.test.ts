/** Runs as they are in truth, from the prompt to the pushed branch: real processes, containers, git over HTTP. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../../engine/until.ts';
import { runCredentials } from '../../workflows/contract/run.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { gitHubToken, openFakeGitHub, type FakeGitHub } from '../support/github/fake-github.ts';
import { historySize } from '../support/history-size.ts';
import { openRunnerHouse, type RunnerHouse } from '../support/runs/runner-house.ts';

const run = promisify(execFile);

/** Works until a file tells it to end, and says a line meanwhile from time to time. */
const patient = ['sh', '-c', 'i=0; while [ ! -e /work/repo/enough ]; do i=$((i+1)); echo line $i; sleep 0.05; done'];

describe('a run of any program', () => {
  let git: GitServer;
  let github: FakeGitHub;
  let house: RunnerHouse;
  let url: string;

  before(async () => {
    git = await startGitServer();
    url = `http://127.0.0.1:${git.port}${await git.addRepository('hello.git', { 'README.md': 'Hello\n' })}`;
    github = await openFakeGitHub();
    const host = `127.0.0.1:${git.port}`;
    house = await openRunnerHouse({ GIT_INSECURE_HOSTS: host, GITHUB_HOSTS: `${host}=${github.url}` });
  });
  after(async () => {
    await house[Symbol.asyncDispose]();
    await github[Symbol.asyncDispose]();
    await git.close();
  });

  const repository = () => ({ url, branch: null, directory: null, credential: null });

  async function read(branch: string, file: string): Promise<string> {
    return (await run('git', ['-C', git.folderOf('hello.git'), 'show', `${branch}:${file}`])).stdout;
  }

  async function commits(branch: string): Promise<number> {
    const { stdout } = await run('git', ['-C', git.folderOf('hello.git'), 'rev-list', '--count', branch]);
    return Number(stdout);
  }

  it('works in a folder of its repository’s name, from which its branch is pushed, and stays there', async () => {
    const options = { command: ['sh', '-c', 'pwd; date +%N >> times.txt'] };
    const asked = { repository: repository(), options };
    const first = await house.prompt('Where?', { ...asked, directory: 'hello' });
    const ended = await first.ends();
    assert.deepEqual([ended.status, ended.error, ended.text], ['completed', null, '/work/repo/hello']);
    assert.equal((await read(ended.branch ?? '', 'times.txt')).split('\n').length, 2);
    const { sessionId } = first.input;
    const again = await (await house.prompt('Where now?', { ...asked, sessionId, directory: 'elsewhere' })).ends();
    assert.deepEqual([again.text, again.branch], ['/work/repo/hello', ended.branch]);
    assert.equal((await read(ended.branch ?? '', 'times.txt')).split('\n').length, 3);
  });

  it('pushes its work, and the next prompt goes on from there on a host that has nothing of it', async () => {
    const command = [
      'sh',
      '-c',
      'cat >> notes.txt; echo >> notes.txt; echo "$PAWL_SESSION_ID" >> "$PAWL_SESSION_DIR/turns"; cat "$PAWL_SESSION_DIR/turns"',
    ];
    const first = await house.prompt('Write this down', { repository: repository(), options: { command } });
    const ended = await first.ends();
    assert.deepEqual([ended.status, ended.error], ['completed', null]);
    const { branch } = ended;
    assert.ok(branch);
    assert.equal(await read(branch, 'notes.txt'), 'Write this down\n');
    assert.equal(await commits(branch), 2);
    assert.deepEqual(await house.things(), []);

    await house.moveTo('host-b');
    const second = await house.prompt('And this', {
      ...{ sessionId: first.input.sessionId, repository: repository(), options: { command } },
    });
    const after = await second.ends();
    assert.deepEqual([after.status, after.branch, after.error], ['completed', branch, null]);
    assert.equal(await read(branch, 'notes.txt'), 'Write this down\nAnd this\n');
    assert.equal(await commits(branch), 3);
    // The program found what it had kept for itself, under the same name of the conversation.
    const turns = (await second.messages()).map(({ text }) => text);
    assert.equal(turns.length, 2);
    assert.equal(turns[0], turns[1]);
    assert.deepEqual(await house.things(), []);
  });

  it('opens one pull request for its branch, which shows the work of later turns as well, and no secret', async () => {
    await house.store.credentials.put('github', { kind: 'git_token', username: 'x-access-token', token: gitHubToken });
    const address = await git.addRepository('team/app.git', { 'README.md': 'Hello\n' }, 'develop');
    const repository = {
      url: `http://127.0.0.1:${git.port}${address}`,
      branch: null,
      directory: null,
      credential: 'github',
    };
    const asked = { repository, sessionId: `session-${randomUUID()}`, publish: 'pull_request' as const };
    const write = {
      command: ['sh', '-c', 'cat >> notes.txt; git add . && git commit -qm "feat: note it"; echo All noted.'],
    };
    const first = await house.prompt('Note this', { ...asked, options: write });
    const opened = await first.ends();
    assert.deepEqual([opened.status, opened.error], ['completed', null]);
    assert.equal(opened.pullRequest?.number, 1);
    const [pull] = github.pulls;
    assert.deepEqual([pull?.head, pull?.base, pull?.title], [opened.branch, 'develop', 'feat: note it']);
    assert.match(pull?.body ?? '', /^All noted\.\n/);

    const telling = { command: ['sh', '-c', `echo more >> notes.txt; echo The token is ${gitHubToken}`] };
    const second = await house.prompt('And more', { ...asked, options: telling });
    const ended = await second.ends();
    assert.deepEqual(ended.pullRequest, opened.pullRequest);
    assert.ok((await second.types()).includes('pull_request.updated'));
    assert.equal(github.pulls.length, 1);

    github.pulls[0]!.isOpen = false;
    const third = await house.prompt('Once more', {
      ...asked,
      options: { command: ['sh', '-c', `echo x >> notes.txt; echo ${gitHubToken}`] },
    });
    assert.equal((await third.ends()).pullRequest?.number, 2);
    assert.equal(github.pulls[1]?.base, 'develop');
    assert.doesNotMatch(JSON.stringify(github.pulls), new RegExp(gitHubToken));
    assert.deepEqual(github.violations, []);
  });

  it('goes on with work that nobody published, and publishes all of it when it is told to', async () => {
    const write = (text: string) => ({ command: ['sh', '-c', `echo ${text} >> unpublished.txt; cat unpublished.txt`] });
    const asked = { repository: repository(), sessionId: `session-${randomUUID()}` };
    const first = await house.prompt('One', { ...asked, publish: 'none', options: write('one') });
    assert.deepEqual([(await first.ends()).status, (await first.ends()).commit], ['completed', null]);
    const failing = { command: ['sh', '-c', 'echo two >> unpublished.txt; exit 3'] };
    const second = await house.prompt('Two', { ...asked, options: failing });
    assert.equal((await second.ends()).errorCode, 'AgentFailed');
    const third = await house.prompt('Three', { ...asked, options: write('three') });
    const ended = await third.ends();
    assert.deepEqual([ended.status, ended.error], ['completed', null]);
    assert.equal(await read(ended.branch ?? '', 'unpublished.txt'), 'one\ntwo\nthree\n');
    assert.equal(await commits(ended.branch ?? ''), 2);
  });

  it('needs few history events for many events of its agent, and each of these is there', async () => {
    const command = ['sh', '-c', 'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo line $i; done'];
    const view = await house.prompt('Talk', { repository: repository(), options: { command } });
    assert.equal((await view.ends()).status, 'completed');
    assert.equal((await view.messages()).length, 1000);
    const { events } = await historySize(view.handle);
    assert.ok(events <= 120, `${events} history events`);
  });

  it('works without a network, a capability, a way to get one, or anything of its host', async () => {
    const look = [
      'id -u',
      'ls /sys/class/net',
      'grep -E "^(CapEff|CapBnd|NoNewPrivs):" /proc/self/status | tr -d "\\t"',
      'touch /opt/pawl/mine 2> /dev/null || echo read-only',
      'ls /run/gw',
    ];
    const view = await house.prompt('Look', {
      ...{ repository: null, options: { command: ['sh', '-c', look.join('; ')] } },
    });
    assert.equal((await view.ends()).status, 'completed');
    assert.deepEqual(
      (await view.messages()).map(({ text }) => text),
      [
        '1000',
        'lo',
        'CapEff:0000000000000000',
        'CapBnd:0000000000000000',
        'NoNewPrivs:1',
        'read-only',
        'gw.sock',
        'token',
      ],
    );
  });

  it('has a container that is fenced and bounded in truth, as its engine says', async () => {
    const view = await house.prompt('Wait', { repository: null, options: { command: patient } });
    await view.says('line 1"');
    const [container = ''] = await house.things();
    const { stdout } = await run('docker', ['inspect', '--type', 'container', container]);
    const [{ Config, HostConfig }] = JSON.parse(stdout) as [{ Config: object; HostConfig: Record<string, number> }];
    assert.partialDeepStrictEqual(Config, { User: '1000:1000' });
    assert.partialDeepStrictEqual(HostConfig, {
      ...{ NetworkMode: 'none', CapDrop: ['ALL'], CapAdd: null, Privileged: false, ReadonlyRootfs: true },
      ...{ SecurityOpt: ['no-new-privileges'], PidsLimit: 2048 },
    });
    const { Memory = 0, MemorySwap, NanoCpus = 0 } = HostConfig;
    assert.ok(Memory > 0 && NanoCpus > 0);
    assert.equal(MemorySwap, Memory, 'no swap besides');
    await view.cancel();
    assert.equal((await view.ends()).status, 'cancelled');
  });

  it('is cancelled within seconds, keeps what was done as bundle and diff, and leaves nothing', async () => {
    const command = ['sh', '-c', 'echo half > half.txt; echo begun; trap "" TERM; sleep 1000 & wait; sleep 1000'];
    const view = await house.prompt('Never end', { repository: repository(), options: { command } });
    await view.says('begun');
    await view.cancel();
    await until('the agent has ended', async () => (await view.types()).includes('agent.ended'), { pollMs: 20 });
    const ended = await view.ends();
    assert.equal(ended.status, 'cancelled');
    assert.ok(ended.artifacts.includes('result.bundle'));
    assert.match((await view.file('result.bundle')) ?? '', /^# v[23] git bundle/);
    assert.ok(ended.artifacts.includes('changes.diff'));
    assert.match((await view.file('changes.diff')) ?? '', /^diff --git a\/half.txt b\/half.txt\n.*\n\+half\n$/s);
    assert.deepEqual(await house.things(), []);
  });

  it('is removed by its host when its workflow is gone without a word, with the credential that came with it', async () => {
    const view = await house.prompt('Forget me', { repository: null, options: { command: patient } });
    const { model } = runCredentials(view.runId);
    await house.store.credentials.put(model, { kind: 'openai_api_key', apiKey: 'sk-of-the-test' });
    await view.says('line 1"');
    await view.handle.terminate();
    assert.notDeepEqual(await house.things(), []);
    await house.moveTo('host-b');
    await until('nothing is left', async () => (await house.things()).length === 0);
    await until('its door is closed', async () => (await house.store.doors.read(view.runId)) === undefined);
    const names = async (): Promise<string[]> => (await house.store.credentials.list()).map(({ name }) => name);
    await until('its credential is forgotten', async () => !(await names()).includes(model));
  });

  it('goes on when the worker is killed, and when the gateway is: no event is lost, none is there twice', async () => {
    const view = await house.prompt('Count', { repository: repository(), options: { command: patient } });
    await view.says('line 5"');
    await house.kill('worker');
    await view.says('line 40"');
    await house.kill('gateway');
    await view.says('line 80"');
    const [container = ''] = await house.things();
    await run('docker', ['exec', container, 'touch', '/work/repo/enough']);
    const ended = await view.ends();

    assert.deepEqual([ended.status, ended.error], ['completed', null]);
    const lines = (await view.messages()).map(({ text }) => text);
    assert.deepEqual(
      lines,
      lines.map((_, index) => `line ${index + 1}`),
    );
    const events = await view.events();
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.filter(({ type }) => type === 'agent.started').length, 1);
    assert.deepEqual(await house.things(), []);
  });
});

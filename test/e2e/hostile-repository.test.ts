/** A repository and an agent that are out to do harm, through the whole product: nothing of theirs starts, and work goes on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { env } from 'node:process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../config/cache-folder.ts';
import type { AgentEnding, RunEvents } from '../../workflows/contract/run-events.ts';
import { agentImage, installedAgents } from '../support/agents/container.ts';
import { ownerToken } from '../support/api.ts';
import { armGit, hostileRepository, trappingHome } from '../support/agents/hostile-repository.ts';
import { endpointsAt } from '../support/gateway.ts';
import { askForTokens } from '../support/git-guards.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openInstallation, type Installation } from '../support/installation.ts';
import { startModelEndpoint, type ModelEndpoint } from '../support/model-endpoint/index.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { endOfRun, eventsOfRun, startRun } from '../support/runs/owned-runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const token = 'token-of-the-hostile-repository';

/** Counts the marks in the container, wherever they are. */
const countMarks = `echo marks: $(find / -name 'pwned-*' -not -path '/proc/*' 2> /dev/null | wc -l)`;

describe('a hostile repository', () => {
  const cleanup = new AsyncDisposableStack();
  let git: GitServer;
  let model: ModelEndpoint;
  let decoy: Receiver;
  let pawl: Installation;
  let home: string;
  let marks: string;
  let branch: string;
  const repository = () => ({ url: `http://127.0.0.1:${git.port}/hostile.git`, credential: 'repository' });

  before(async () => {
    await agentImage();
    const root = cleanup.use(await temporaryFolder()).path;
    marks = path.join(root, 'marks');
    await mkdir(marks);
    git = await startGitServer();
    cleanup.defer(() => git.close());
    const source = await hostileRepository(root, {
      folders: ['/work', marks],
      bigBytes: 64 * 1024 ** 2,
      updates: false,
    });
    await run('git', ['clone', '--quiet', '--bare', source, git.folderOf('hostile.git')]);
    decoy = cleanup.use(await startReceiver());
    model = cleanup.use(await startModelEndpoint());
    const hook = { hooks: [{ type: 'command', command: 'touch /work/pwned-by-user-settings' }] };
    const settings = JSON.stringify({ hooks: { SessionStart: [hook] } });
    const arm = `echo '${settings}' > "$CLAUDE_CONFIG_DIR/settings.json"`;
    model.addScript('arm', {
      steps: [{ do: [{ run: `${countMarks}; ${arm}; echo x > claude.txt` }] }, { say: 'Armed.' }],
    });
    model.addScript('look', { steps: [{ do: [{ run: `${countMarks}; echo y >> claude.txt` }] }, { say: 'Looked.' }] });
    home = await trappingHome(root, [marks], `${decoy.url}/`);
    pawl = cleanup.use(
      await openInstallation(`127.0.0.1:${git.port}`, {
        ...endpointsAt(model.url),
        ...{ HOME: home, PAWL_CACHE_DIR: env['PAWL_CACHE_DIR'] ?? defaultCacheFolder() },
        ...{ AGENTS: installedAgents.join(','), WORKER_ROLES: 'control-plane,runner' },
      }),
    );
    git.guard = askForTokens({ read: 'nobody has this one', write: token });
    await pawl.call('PUT', '/credentials/repository', { body: { kind: 'git_token', token } });
    await pawl.call('PUT', '/credentials/anthropic', { body: { kind: 'anthropic_api_key', apiKey: 'sk-ant-a-key' } });
  });
  after(() => cleanup.disposeAsync());

  /** Lets an agent work, until the run has come to its one end. */
  async function turn(body: object) {
    const id = await startRun(pawl, { repository: repository(), ...body });
    const end = await endOfRun(pawl, id);
    const events = await eventsOfRun(pawl, id);
    const ends = events.filter(({ type }) => ['run.completed', 'run.failed', 'run.cancelled'].includes(type));
    assert.deepEqual([end['status'], end['error'], ends.length], ['completed', null, 1]);
    const find = <Type extends keyof RunEvents>(type: Type) =>
      events.find((event) => event.type === type)?.data as RunEvents[Type] | undefined;
    return { id, end, find, text: JSON.stringify(events) };
  }

  const script = (...lines: string[]) => ({
    ...{ agent: 'command', sessionId: 'hostile', prompt: 'Do harm' },
    options: { command: ['sh', '-c', ['set -e', ...lines].join('\n')] },
  });

  /** What is on the branch, and was not before: how it changed, by path. */
  async function changes(from: string, to: string): Promise<Record<string, string>> {
    const { stdout } = await run('git', [
      '-C',
      git.folderOf('hostile.git'),
      'diff-tree',
      '-r',
      '-z',
      '--name-status',
      from,
      to,
    ]);
    const parts = stdout.split('\0').filter(Boolean);
    return Object.fromEntries(
      parts.flatMap((part, index) => (index % 2 === 1 ? [[part, parts[index - 1] ?? '']] : [])),
    );
  }

  it('starts programs where it can: with a git that heeds what is set up on the host', async () => {
    await using folder = await temporaryFolder();
    const ordinary = { env: { PATH: env['PATH'], HOME: home } };
    await writeFile(path.join(folder.path, '.gitattributes'), '* filter=trap\n');
    await run('git', ['init', '--quiet', folder.path], ordinary);
    await run('git', ['-C', folder.path, 'add', '--all'], ordinary);
    const left = await readdir(marks);
    assert.ok(left.length > 0, 'the traps are set');
    for (const mark of left) await rm(path.join(marks, mark));
  });

  it('and an agent that makes it worse start nothing; what may not be published is told by name', async () => {
    const { find, text } = await turn(
      script(
        countMarks,
        'mkdir -p made many && echo x > "made/$(printf "line\\nend\\033")"',
        'ln -s /etc/passwd made/outside && ln -s /proc made/processes && mkfifo made/pipe && truncate -s 1G made/huge.bin',
        'rm "way out" && echo now a file > "way out" && echo bytes > picture.psd',
        'seq 2000 | (cd many && split -a 3 -l 1)',
        'git init -q module && echo x > module/x',
        ...armGit(['/work'], `${decoy.url}/`),
      ),
    );
    assert.match(text, /marks: 0/);
    const { leftOut } = find('agent.ended') as AgentEnding;
    assert.deepEqual(leftOut.map((one) => one.path).toSorted(), ['made/huge.bin', 'module/']);
    const failed = find('publish.failed');
    assert.equal(failed?.code, 'PublishRefused');
    for (const link of ['made/outside', 'made/processes']) {
      assert.match(failed.reason, new RegExp(`${link}: The symbolic link has an absolute target`));
    }
  });

  it('does not keep its session from going on: the rest is published, without a git directory to begin with', async () => {
    const { end } = await turn(
      script('rm made/outside made/processes', 'ln -s many same', 'rm -rf .git && echo gitdir: /etc > .git'),
    );
    branch = String(end['branch']);
    const {
      'made/line\nend\u001b': odd,
      same,
      'way out': way,
      'picture.psd': picture,
      ...rest
    } = await changes('main', branch);
    assert.deepEqual([odd, same, way, picture], ['A', 'A', 'T', 'M']);
    assert.deepEqual([...new Set(Object.keys(rest).map((file) => path.dirname(file)))], ['many']);
    assert.equal(Object.keys(rest).length, 2000);
  });

  it('is published once more, after its git directory became a link, and the bundle is one that git reads', async () => {
    const { id } = await turn(script('rm -rf .git many && ln -s /work/state .git', 'echo third > third.txt'));
    const changed = await changes(`${branch}~1`, branch);
    assert.equal(changed['third.txt'], 'A');
    assert.equal(changed['many/xaaa'], 'D');
    const { status } = await pawl.call('GET', `/runs/${id}/artifacts/diff`);
    assert.equal(status, 200);
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, 'result.bundle');
    const answer = await fetch(`${pawl.url}/runs/${id}/artifacts/bundle`, {
      headers: { Authorization: `Bearer ${ownerToken}` },
    });
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    await run('git', ['-C', git.folderOf('hostile.git'), 'bundle', 'verify', '--quiet', file]);
  });

  it('starts nothing in Claude either, nor does what an earlier turn left in its home', async () => {
    const asked = { agent: 'claude', sessionId: 'hostile-claude' };
    const first = await turn({ ...asked, prompt: 'SCRIPT:arm' });
    assert.match(first.text, /marks: 0/);
    const second = await turn({ ...asked, prompt: 'SCRIPT:look' });
    assert.match(second.text, /marks: 0/);
    const { stdout } = await run('git', [
      '-C',
      git.folderOf('hostile.git'),
      'show',
      `${String(second.end['branch'])}:claude.txt`,
    ]);
    assert.equal(stdout, 'x\ny\n');
  });

  it('has left no mark on the host, has sent nobody elsewhere, and nothing of its runs is left', async () => {
    assert.deepEqual(await readdir(marks), []);
    assert.deepEqual(decoy.received, []);
    assert.deepEqual(await pawl.thingsOfRuns(), []);
  });
});

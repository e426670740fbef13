/** A repository made to do harm, from its arrival to the result of an agent that makes it worse. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { armGit, hostileRepository } from '../support/agents/hostile-repository.ts';
import { scriptJob } from '../support/agents/job.ts';
import { archiveOf } from '../support/agents/repository.ts';
import { startAgentRun } from '../support/agents/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('a hostile repository', { timeout: 300_000 }, () => {
  it('starts nothing, breaks nothing, and its result is whole', async () => {
    await using folder = await temporaryFolder();
    const repository = await archiveOf(await hostileRepository(folder.path), folder.path);
    const job = scriptJob(worse, { repository: repository.job, limits: { minutes: 5, checkpointSeconds: 0 } });
    await using container = await startAgentRun(job, { 'repo.tar': repository.archive });
    const end = await container.end();

    assert.deepEqual([end.outcome, end.reason, end.files], ['completed', null, ['result.bundle']]);
    assert.deepEqual(await container.container.find('/work', 'pwned*'), []);
    assert.deepEqual(end.leftOut.map(({ path }) => path).toSorted(), ['made/huge.bin', 'module/']);
    const changed = await changesIn(repository.bare, container.door.file('result.bundle'), repository.job);
    assert.deepEqual(changed, {
      'made/line\nend': 'A',
      'made/outside': 'A',
      'way out': 'T',
      'picture.psd': 'M',
    });
  });
});

/** What an agent might do with it, deliberately or not. */
const worse = [
  'mkdir -p made && echo x > "made/$(printf "line\\nend")"',
  'ln -s /etc/passwd made/outside && mkfifo made/pipe && truncate -s 1G made/huge.bin',
  // A link that led out becomes a folder's name for a file, and a pointer the file itself.
  'rm "way out" && echo now a file > "way out" && echo bytes > picture.psd',
  'git init -q module && echo x > module/x',
  ...armGit(['/work'], 'http://127.0.0.1:9/'),
  'echo done; sleep 3',
].join(' && ');

/** What a bundle changes: how, by path. */
async function changesIn(bare: string, bundle: string, { branch, baseCommit }: { branch: string; baseCommit: string }) {
  await run('git', ['-C', bare, 'fetch', '--quiet', bundle, branch]);
  const { stdout } = await run('git', ['-C', bare, 'diff-tree', '-r', '-z', '--name-status', baseCommit, 'FETCH_HEAD']);
  const parts = stdout.split('\0').filter(Boolean);
  return Object.fromEntries(parts.flatMap((part, index) => (index % 2 === 1 ? [[part, parts[index - 1]]] : [])));
}

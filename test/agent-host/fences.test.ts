/** Going on in a fresh checkout from where another one was. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { placesBelow } from '../../agent-host/places.ts';
import { makeFence, resetToFence, resetToResult } from '../../agent-host/repository/fence.ts';
import { makeCheckout } from '../../agent-host/repository/unpack.ts';
import { bounds, bundled, checkoutOf, readBundle } from '../support/agents/checkout.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('a fence', () => {
  it('brings a fresh checkout to where another one was, commits and uncommitted work apart', async () => {
    await using folder = await temporaryFolder();
    const { places, repository, git } = await checkoutOf(path.join(folder.path, 'one'), { 'a.txt': 'a\n' });
    await writeFile(path.join(places.repo, 'committed.txt'), 'c\n');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=by the agent');
    await writeFile(path.join(places.repo, 'a.txt'), 'changed\n');
    await writeFile(path.join(places.repo, 'fresh.txt'), 'f\n');
    const bundle = path.join(folder.path, 'fence.bundle');
    const fence = await makeFence(places, bundle, bounds);

    const other = placesBelow(path.join(folder.path, 'other'));
    await makeCheckout(other, repository.job, repository.archive);
    await resetToFence(other, fence, bundle);
    const seen = await run('git', ['-C', other.repo, 'status', '--porcelain', '--branch']);
    assert.equal(seen.stdout, '## claude/work-1\n M a.txt\n?? fresh.txt\n');
    const { stdout } = await run('git', ['-C', other.repo, 'log', '--format=%s']);
    assert.equal(stdout, 'by the agent\nfirst\n');
  });
});

describe('what an earlier turn left', () => {
  it('is there again as that turn left it, and is part of the next result', async () => {
    await using folder = await temporaryFolder();
    const { places, repository, git } = await checkoutOf(path.join(folder.path, 'one'), {
      'a.txt': 'a\n',
      'b.txt': '',
    });
    await writeFile(path.join(places.repo, 'committed.txt'), 'c\n');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=by the agent');
    await writeFile(path.join(places.repo, 'a.txt'), 'changed\n');
    await writeFile(path.join(places.repo, 'two\nlines'), 'x\n');
    await rm(path.join(places.repo, 'b.txt'));
    const first = await bundled(places, folder.path);

    // The next turn has a branch of its own.
    const next = placesBelow(path.join(folder.path, 'next'));
    await makeCheckout(next, { ...repository.job, branch: 'claude/work-2' }, repository.archive);
    await resetToResult(next, first.file);
    const status = await run('git', ['-C', next.repo, 'status', '--porcelain', '-z', '--branch']);
    assert.deepEqual(status.stdout.split('\0'), ['## claude/work-2', ' M a.txt', ' D b.txt', '?? two\nlines', '']);
    const log = await run('git', ['-C', next.repo, 'log', '--format=%s']);
    assert.equal(log.stdout, 'by the agent\nfirst\n');

    await writeFile(path.join(next.repo, 'next.txt'), 'n\n');
    const { tree } = await readBundle(repository, (await bundled(next, folder.path)).file);
    assert.deepEqual(Object.keys(tree), ['a.txt', 'committed.txt', 'next.txt', 'two\nlines']);
  });

  it('is refused when it builds on another commit than the checkout', async () => {
    await using folder = await temporaryFolder();
    const one = await checkoutOf(path.join(folder.path, 'one'), { 'a.txt': 'a\n' });
    await writeFile(path.join(one.places.repo, 'a.txt'), 'changed\n');
    const { file: left } = await bundled(one.places, folder.path);
    const other = await checkoutOf(path.join(folder.path, 'other'), { 'a.txt': 'other\n' });
    await assert.rejects(resetToResult(other.places, left), /lacks these prerequisite commits/);
    await one.git('commit', '--quiet', '--all', '--message=newer');
    const newer = (await one.git('rev-parse', 'HEAD')).trim();
    await one.git('push', '--quiet', one.repository.bare, 'HEAD:main');
    await run('tar', ['--create', '--file', one.repository.archive, '--directory', one.repository.bare, '.']);
    const moved = placesBelow(path.join(folder.path, 'moved'));
    await makeCheckout(moved, { ...one.repository.job, baseCommit: newer }, one.repository.archive);
    await assert.rejects(resetToResult(moved, left), new RegExp(`it does not build on ${newer}`));
  });
});

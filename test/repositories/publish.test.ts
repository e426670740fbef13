import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { publishWork, type PublishOrder } from '../../repositories/publish.ts';
import { openWorkshop, orderFor, type Workshop } from './workshop.ts';

describe('publishing an agent’s work', () => {
  let shop: Workshop;
  before(async () => (shop = await openWorkshop({ 'README.md': '# Project\n', 'src/app.txt': 'one\ntwo\n' })));
  after(() => shop?.[Symbol.asyncDispose]());

  const publish = async (order: PublishOrder) => publishWork(await shop.openGit(), shop.remote, order);
  const addFile = (name: string, message = 'feat: a file') =>
    shop.agentLeaves(async ({ write, commit }) => {
      await write({ [name]: `${name}\n` });
      await commit(message);
    });

  it('makes one commit of Pawl’s own upon the base, with the agent’s last message and all of its files', async () => {
    const left = await shop.agentLeaves(async ({ write, commit, git }) => {
      await write({ 'first.txt': '1\n' });
      await commit('wip');
      await write({ 'second.txt': '2\n', 'src/app.txt': 'one\n2\n' });
      await git('rm', '--quiet', 'README.md');
      await commit('feat: second\n\nWith a reason.');
    });
    const order = orderFor(left, { branch: 'claude/one' });
    const published = await publish(order);
    assert.equal(published.outcome, 'published');
    const line = await shop.onServer('log', '--format=%an <%ae>|%cn|%aI|%cI|%P|%B', 'main..claude/one');
    const at = '2026-11-21T18:00:00+00:00';
    assert.equal(
      line.trim(),
      `Pawl <pawl@localhost>|Pawl|${at}|${at}|${left.baseCommit}|feat: second\n\nWith a reason.`,
    );
    assert.equal(
      await shop.onServer('diff', '--name-status', 'main', 'claude/one'),
      'D\tREADME.md\nA\tfirst.txt\nA\tsecond.txt\nM\tsrc/app.txt',
    );
    assert.equal(await shop.onServer('rev-parse', 'claude/one'), published.outcome === 'published' && published.commit);
  });

  it('takes over no message that is not the agent’s, or not fit to be read, and then says something conventional', async () => {
    const unfit = [
      'Work that was not committed',
      'x'.repeat(73),
      'feat: x\nno gap',
      'feat: \u001b[31mred',
      'fix: y [skip ci]',
    ];
    for (const message of unfit) {
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'unfit.txt': message });
        await commit(message);
      });
      const published = await publish(orderFor(left, { branch: `claude/unfit-${unfit.indexOf(message)}` }));
      assert.equal(published.outcome === 'published' && published.message, 'chore: auto-commit changes');
    }
    const left = await shop.agentLeaves(async ({ write, commit }) => {
      await write({ 'committed.txt': '1' });
      await commit('fix: what the agent said');
      await write({ 'rest.txt': '2' });
      await commit('Work that was not committed');
    });
    const published = await publish(orderFor(left, { branch: 'claude/fit' }));
    assert.equal(published.outcome === 'published' && published.message, 'fix: what the agent said');
  });

  it('can be repeated: the second try finds what the first one did', async () => {
    const order = orderFor(await addFile('again.txt'), { branch: 'claude/again' });
    assert.deepEqual(await publish(order), await publish(order));
    assert.equal(await shop.onServer('rev-list', '--count', 'main..claude/again'), '1');
  });

  it('gives one branch with one commit when several publish the same work at once', async () => {
    const order = orderFor(await addFile('race.txt'), { branch: 'claude/race' });
    const results = await Promise.all([1, 2, 3].map(() => publish(order)));
    assert.equal(new Set(results.map((result) => JSON.stringify(result))).size, 1);
    assert.equal(await shop.onServer('rev-list', '--count', 'main..claude/race'), '1');
  });

  it('goes on with a branch: the next turn’s files come as one commit upon the last', async () => {
    const first = await publish(orderFor(await addFile('turn1.txt'), { branch: 'claude/turns' }));
    assert.ok(first.outcome === 'published');
    const left = await shop.agentLeaves(async ({ write, commit }) => {
      await write({ 'turn2.txt': '2\n' });
      await commit('fix: the second turn');
    }, 'claude/turns');
    await publish(orderFor(left, { branch: 'claude/turns', expectedHead: first.commit }));
    assert.equal(await shop.onServer('log', '--format=%s', 'main..claude/turns'), 'fix: the second turn\nfeat: a file');
  });

  it('goes on with a branch also where the agent has its own commits in the place of ours', async () => {
    let second = '';
    const left = await shop.agentLeaves(async ({ write, commit, git, folder }) => {
      await write({ 'a.txt': 'a\n' });
      await commit('feat: a');
      second = `${folder}.2.bundle`;
      const base = await git('rev-parse', 'HEAD~1');
      await git('branch', 'first');
      await write({ 'b.txt': 'b\n' });
      await commit('feat: b');
      await git('bundle', 'create', '--quiet', second, 'HEAD', `^${base}`);
      await git('reset', '--quiet', '--hard', 'first');
    });
    const first = await publish(orderFor(left, { branch: 'claude/own' }));
    assert.ok(first.outcome === 'published');
    await publish(orderFor({ ...left, bundle: second }, { branch: 'claude/own', expectedHead: first.commit }));
    assert.equal(
      await shop.onServer('log', '--format=%s', '--name-only', 'main..claude/own'),
      'feat: b\n\nb.txt\nfeat: a\n\na.txt',
    );
  });

  it('says so when nothing changed', async () => {
    const left = await shop.agentLeaves(({ git }) => git('commit', '--allow-empty', '--message', 'nothing'));
    assert.deepEqual(await publish(orderFor(left, { branch: 'claude/nothing' })), { outcome: 'nothing' });
    assert.equal(await shop.onServer('branch', '--list', 'claude/nothing'), '');
  });

  describe('to a branch that somebody else changed meanwhile', () => {
    const branches = () => shop.onServer('branch', '--list', '--format=%(refname:short)', 'claude/moved*');

    /** Somebody's own commit on a branch that begins at main; returns it. */
    async function somebodyPushes(branch: string, files: Record<string, string>): Promise<string> {
      const theirs = await shop.agentLeaves(async ({ write, commit, git }) => {
        await write(files);
        await commit('docs: somebody’s own');
        await git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
      });
      assert.ok(theirs.baseCommit);
      return await shop.onServer('rev-parse', branch);
    }

    it('brings the work on top of theirs, once, however often it is asked', async () => {
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'src/app.txt': 'one\ntwo\nthree\n', 'mine.txt': 'mine\n' });
        await commit('feat: mine');
      });
      const theirs = await somebodyPushes('claude/beneath', { 'README.md': '# Theirs\n' });
      const order = orderFor(left, { branch: 'claude/beneath' });
      const published = await publish(order);
      assert.deepEqual(await publish(order), published);
      assert.equal(await shop.onServer('rev-parse', 'claude/beneath~1'), theirs);
      assert.equal(await shop.onServer('show', 'claude/beneath:README.md'), '# Theirs');
      assert.equal(await shop.onServer('show', 'claude/beneath:mine.txt'), 'mine');
      assert.equal(await shop.onServer('diff', '--name-only', theirs, 'claude/beneath'), 'mine.txt\nsrc/app.txt');
      await shop.onServer('fsck', '--strict');
    });

    it('takes a branch beside it when both changed the same lines, and leaves theirs alone', async () => {
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'README.md': '# Ours\n' });
        await commit('feat: ours');
      });
      const theirs = await somebodyPushes('claude/moved', { 'README.md': '# Theirs\n' });
      await somebodyPushes('claude/moved-2', { 'README.md': '# Taken\n' });
      const order = orderFor(left, { branch: 'claude/moved' });
      const published = await publish(order);
      assert.equal(published.outcome === 'published' && published.branch, 'claude/moved-3');
      assert.deepEqual(await publish(order), published);
      assert.equal(await branches(), 'claude/moved\nclaude/moved-2\nclaude/moved-3');
      assert.equal(await shop.onServer('rev-parse', 'claude/moved'), theirs);
      assert.equal(await shop.onServer('show', 'claude/moved-3:README.md'), '# Ours');
    });

    it('takes work as published that is there already, from a try that nobody heard of', async () => {
      const order = orderFor(await addFile('unheard.txt'), { branch: 'claude/unheard' });
      const first = await publish(order);
      const later = await publish({ ...order, at: '2026-11-22T18:00:00.000Z' });
      assert.deepEqual(later, first);
      assert.equal(await shop.onServer('rev-list', '--count', 'main..claude/unheard'), '1');
    });

    it('makes a branch anew that is gone', async () => {
      const first = await publish(orderFor(await addFile('kept.txt'), { branch: 'claude/gone' }));
      assert.ok(first.outcome === 'published');
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'more.txt': 'more\n' });
        await commit('feat: more');
      }, 'claude/gone');
      await shop.onServer('update-ref', '-d', 'refs/heads/claude/gone');
      await publish(orderFor(left, { branch: 'claude/gone', expectedHead: first.commit }));
      assert.equal(await shop.onServer('log', '--format=%s', 'main..claude/gone'), 'feat: more\nfeat: a file');
    });

    it('holds back what the gate holds back, also on top of theirs', async () => {
      const canary = 'a-secret-of-this-run-0123456789';
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'leak.txt': canary });
        await commit('feat: leak');
      });
      const theirs = await somebodyPushes('claude/guarded', { 'README.md': '# Theirs\n' });
      const order = orderFor(left, { branch: 'claude/guarded', secrets: [canary] });
      await assert.rejects(publish(order), { failure: 'PublishRefused' });
      assert.equal(await shop.onServer('rev-parse', 'claude/guarded'), theirs);
    });
  });

  describe('while others are at the same branch', () => {
    after(() => (shop.server.guard = () => undefined));

    /** Does something at the very moment at which git comes with this request. */
    const when = (method: string, act: () => Promise<unknown>, answer?: { status: number }) =>
      (shop.server.guard = async (request) => {
        if (request.method !== method || !request.url?.includes('git-receive-pack')) return undefined;
        await act();
        return answer;
      });

    it('leaves alone what they push between the look and the push', async () => {
      const head = await shop.onServer('rev-parse', 'main');
      for (const method of ['GET', 'POST']) {
        const branch = `claude/between-${method.toLowerCase()}`;
        const order = orderFor(await addFile('between.txt'), { branch });
        when(method, () => shop.onServer('update-ref', `refs/heads/${branch}`, head));
        await assert.rejects(publish(order), { failure: 'BranchMoved' });
        assert.equal(await shop.onServer('rev-parse', branch), head);
      }
    });

    it('is content when its push arrived and only the answer was lost', async () => {
      const order = orderFor(await addFile('answer.txt'), { branch: 'claude/answer' });
      shop.server.guard = () => undefined;
      const first = await publish(order);
      assert.ok(first.outcome === 'published');
      await shop.onServer('branch', '-D', order.branch);
      when('POST', () => shop.onServer('update-ref', `refs/heads/${order.branch}`, first.commit), { status: 502 });
      assert.deepEqual(await publish(order), first);
    });

    it('can be tried again when the server fails, or is away', async () => {
      const order = orderFor(await addFile('away.txt'), { branch: 'claude/away' });
      when('POST', async () => undefined, { status: 503 });
      await assert.rejects(publish(order), { failure: 'RepositoryUnreachable', message: /503/ });
      shop.server.guard = () => undefined;
      assert.equal((await publish(order)).outcome, 'published');
    });
  });

  it('tells when the server cannot have a branch of that name', async () => {
    await shop.onServer('branch', 'taken');
    const order = orderFor(await addFile('taken.txt'), { branch: 'taken/x' });
    await assert.rejects(publish(order), { failure: 'PublishFailed', message: /taken/ });
    await shop.onServer('branch', '-D', 'taken');
  });

  it('gets along with a server that gives out whole branches only', async () => {
    const left = await addFile('whole.txt');
    await shop.onServer(
      'update-ref',
      'refs/heads/main',
      await shop.onServer('commit-tree', '-p', 'main', '-m', 'on', 'main^{tree}'),
    );
    shop.server.guard = ({ headers }) => void delete headers['git-protocol'];
    assert.equal((await publish(orderFor(left, { branch: 'claude/whole' }))).outcome, 'published');
    const lost = { ...left, baseCommit: '1'.repeat(40) };
    await assert.rejects(publish(orderFor(lost)), { failure: 'BranchMissing' });
    shop.server.guard = () => undefined;
    await assert.rejects(publish(orderFor(lost)), { failure: 'BranchMissing' });
  });

  it('works from a base that the remote has left behind', async () => {
    const left = await addFile('late.txt');
    const ahead = await shop.onServer('commit-tree', '-p', 'main', '-m', 'ahead', 'main^{tree}');
    await shop.onServer('update-ref', 'refs/heads/main', ahead);
    await publish(orderFor(left, { branch: 'claude/late' }));
    assert.equal(await shop.onServer('rev-parse', 'claude/late~1'), left.baseCommit);
    await shop.onServer('fsck', '--strict');
  });

  it('takes work that builds on something older than its base', async () => {
    const left = await shop.agentLeaves(async ({ git, write, commit }) => {
      await git('checkout', '--quiet', '-b', 'side', 'HEAD~1');
      await write({ 'old.txt': 'side\n' });
      await commit('feat: from before');
      await git('checkout', '--quiet', 'main');
      await git('merge', '--quiet', '--no-edit', 'side');
    });
    await publish(orderFor(left, { branch: 'claude/older' }));
    assert.equal(await shop.onServer('diff', '--name-only', 'main', 'claude/older'), 'old.txt');
  });

  it('tells the server’s reason when it refuses, and that asking again is no use', async () => {
    const hook = path.join(shop.server.folderOf('project.git'), 'hooks/pre-receive');
    await writeFile(hook, '#!/bin/sh\necho "only on Tuesdays" >&2\nexit 1\n');
    await chmod(hook, 0o755);
    const order = orderFor(await addFile('refused.txt'), { branch: 'claude/refused' });
    await assert.rejects(publish(order), { failure: 'PublishFailed', message: /only on Tuesdays/ });
    await writeFile(hook, '#!/bin/sh\nexit 0\n');
    assert.equal((await publish(order)).outcome, 'published');
  });
});

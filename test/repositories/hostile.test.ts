/** What an agent that was talked into it could leave, and what a host may have configured: none of it takes effect. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { cloneRepository } from '../../repositories/clone.ts';
import { publishWork, type PublishOrder } from '../../repositories/publish.ts';
import { RepositoryError } from '../../repositories/repository-error.ts';
import { deltaBomb, treeBomb } from './bombs.ts';
import { openWorkshop, orderFor, rewrite, type Checkout, type WorkLeft, type Workshop } from './workshop.ts';

describe('a hostile agent', () => {
  let shop: Workshop;
  let canary: string;
  before(async () => {
    shop = await openWorkshop({ 'README.md': '# Project\n', 'a.txt': 'text '.repeat(200) });
    canary = path.join(shop.folder, 'canary');
  });
  after(() => shop?.[Symbol.asyncDispose]());

  const publish = async (left: WorkLeft, changes: Partial<PublishOrder> = {}) =>
    publishWork(await shop.openGit(), shop.remote, orderFor(left, changes));

  async function isRefused(left: WorkLeft, failure: string, message = /./): Promise<void> {
    const branch = `claude/${randomBytes(6).toString('hex')}`;
    await assert.rejects(publish(left, { branch }), { failure, message });
    assert.equal(await shop.onServer('branch', '--list', branch), '');
  }

  describe('that prepares its checkout', () => {
    /** Everything by which a repository makes git run something. */
    async function arm({ folder, git, write }: Checkout): Promise<void> {
      const run = `echo stolen $PAWL_GIT_PASSWORD >> ${canary}`;
      for (const hook of [
        'pre-commit',
        'commit-msg',
        'pre-push',
        'post-index-change',
        'reference-transaction',
        'post-checkout',
      ]) {
        await writeFile(path.join(folder, '.git/hooks', hook), `#!/bin/sh\n${run}\n`);
        await chmod(path.join(folder, '.git/hooks', hook), 0o755);
      }
      await write({ '.git/info/attributes': '* filter=x diff=x merge=x\n' });
      const settings = {
        'core.fsmonitor': `${run}; false`,
        'core.sshCommand': run,
        'core.pager': run,
        'core.editor': run,
        'core.askPass': run,
        'credential.helper': `!f() { ${run}; }; f`,
        'filter.x.clean': `sh -c "${run}; cat"`,
        'filter.x.smudge': `sh -c "${run}; cat"`,
        'diff.x.textconv': run,
        'diff.external': run,
        'merge.x.driver': run,
        'uploadpack.packObjectsHook': run,
        'http.proxy': 'http://127.0.0.1:9',
        [`url.http://127.0.0.1:9/.insteadOf`]: 'http://127.0.0.1',
      };
      for (const [name, value] of Object.entries(settings)) await git('config', name, value);
    }

    it('makes nothing run, and sends nobody elsewhere', async () => {
      const left = await shop.agentLeaves(async (checkout) => {
        await checkout.write({ '.gitattributes': '* filter=x diff=x merge=x\n', 'b.txt': 'b' });
        await checkout.commit('feat: b');
      });
      const armed = await shop.agentLeaves(arm).catch(() => undefined);
      assert.equal(armed, undefined, 'the trap works: its own git falls into it');
      await writeFile(canary, '');
      const published = await publish(left, { branch: 'claude/armed' });
      assert.equal(published.outcome, 'published');
      assert.equal(await readFile(canary, 'utf8'), '');
      await shop.onServer('branch', '-D', 'claude/armed');
    });
  });

  describe('that leaves a broken bundle', () => {
    let left: WorkLeft;
    beforeEach(async () => {
      left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'a.txt': `${'text '.repeat(200)}more`, 'b.txt': 'b' });
        await commit('feat: b');
      });
    });
    const header = (change: (text: string) => string) =>
      rewrite(left.bundle, (bytes) => {
        const end = bytes.indexOf('\n\n');
        return Buffer.concat([Buffer.from(change(bytes.toString('latin1', 0, end))), bytes.subarray(end)]);
      });

    it('is told that it is no bundle', async () => {
      const broken: Record<string, () => Promise<void>> = {
        empty: () => rewrite(left.bundle, () => Buffer.alloc(0)),
        'something else': () => rewrite(left.bundle, () => Buffer.from('PK\x03\x04 not a bundle\n\n')),
        'an endless head': () => rewrite(left.bundle, () => Buffer.alloc(200_000, '# v2 git bundle\n')),
        'no branch': () => header((text) => text.replace(/\n[0-9a-f]{40} .*/g, '')),
        'two branches': () => header((text) => `${text}\n${'1'.repeat(40)} refs/heads/other`),
        'a branch outside refs': () => header((text) => text.replace(/ HEAD$/m, ' ../../x')),
        'objects left out': () =>
          header((text) => `# v3 git bundle\n@filter=blob:none${text.slice('# v2 git bundle'.length)}`),
        'another kind of names': () =>
          header((text) => `# v3 git bundle\n@object-format=sha256${text.slice('# v2 git bundle'.length)}`),
        'a tip that is not in it': () => header((text) => text.replace(/^[0-9a-f]{40}/m, '1'.repeat(40))),
        'only its head': () => rewrite(left.bundle, (bytes) => bytes.subarray(0, bytes.indexOf('\n\n') + 2)),
        'half of it': () => rewrite(left.bundle, (bytes) => bytes.subarray(0, bytes.length - 30)),
        'a pack of lies': () =>
          rewrite(left.bundle, (bytes) => Buffer.concat([bytes.subarray(0, -20), Buffer.alloc(20)])),
      };
      const whole = await readFile(left.bundle);
      for (const [how, breakIt] of Object.entries(broken)) {
        await breakIt();
        await isRefused(left, 'BundleInvalid').catch((error: unknown) => assert.fail(`${how}: ${String(error)}`));
        await rewrite(left.bundle, () => whole);
      }
    });

    it('never gets anything else published, whichever bytes it changes', async () => {
      const whole = await readFile(left.bundle);
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ mask;
          await rewrite(left.bundle, () => changed);
          const error: unknown = await publish(left, { branch: 'claude/bytes' }).catch((reason: unknown) => reason);
          if (error instanceof RepositoryError) return assert.equal(error.failure, 'BundleInvalid');
          // A note in the head may be anything; the work itself is then what it was.
          assert.equal(await shop.onServer('show', 'claude/bytes:b.txt'), 'b');
          await shop.onServer('branch', '-D', 'claude/bytes');
        }),
        { numRuns: 15 },
      );
    });

    it('may not point to a file in the place of a commit', async () => {
      const blob = await shop.onServer('rev-parse', 'main:a.txt');
      await header((text) => text.replace(/^[0-9a-f]{40}/m, blob));
      await isRefused(left, 'BundleInvalid');
    });
  });

  describe('that makes a tree which git itself would not make', () => {
    const name = async (entry: string, mode = '100644', content = 'x') =>
      shop.agentLeaves(async ({ git, folder }) => {
        await writeFile(path.join(folder, 'content'), content);
        const blob = await git('hash-object', '-w', 'content');
        const raw = Buffer.concat([Buffer.from(`${mode} ${entry}\0`), Buffer.from(blob, 'hex')]);
        await writeFile(path.join(folder, 'tree'), raw);
        const tree = await git('hash-object', '-w', '--literally', '-t', 'tree', 'tree');
        await git('reset', '--soft', await git('commit-tree', tree, '-p', 'HEAD', '-m', 'feat: tree'));
      });

    it('gets no file in .git, however it is written, and none outside', async () => {
      for (const entry of ['.git', '.GIT', 'git~1', '.g\u200cit', '..', '.', 'a/b']) {
        await isRefused(await name(entry), 'BundleInvalid', /contains/);
      }
    });

    it('gets no .gitmodules that runs something', async () => {
      for (const url of ['-u./payload', 'ext::sh -c x']) {
        const modules = `[submodule "x"]\n\tpath = x\n\turl = ${url}\n\tupdate = !touch ${canary}\n`;
        await isRefused(await name('.gitmodules', '100644', modules), 'BundleInvalid', /gitmodules/);
      }
      await isRefused(await name('.gitmodules', '120000', 'elsewhere'), 'BundleInvalid', /gitmodules/);
    });
  });

  describe('that leaves a bomb', () => {
    it('does not get far with a gigabyte of nothing', async () => {
      const left = await shop.agentLeaves(async ({ folder, git }) => {
        const file = await open(path.join(folder, 'huge.bin'), 'w');
        await file.truncate(1_000_000_000);
        await file.close();
        await git('config', 'core.compression', '1');
        await git('add', 'huge.bin');
        await git('commit', '--quiet', '--message', 'feat: huge');
      });
      await isRefused(left, 'PublishRefused', /huge\.bin: 1000\.0 MB; at most 1\.0 MB/);
    });

    it('does not get far with a tree that holds itself ten times over and over', async () => {
      await isRefused(await shop.agentLeaves(treeBomb), 'PublishRefused', /more files than any repository/);
    });

    it('does not get far with a few bytes that become gigabytes', async () => {
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'b.txt': 'b' });
        await commit('feat: b');
      });
      await rewrite(left.bundle, (bytes) => deltaBomb(bytes.subarray(0, bytes.indexOf('\n\n') + 2)));
      await isRefused(left, 'BundleInvalid', /memory|alloc/i);
    });

    it('does not get far with an endless commit message', async () => {
      const left = await shop.agentLeaves(async ({ write, git, folder }) => {
        await write({ 'b.txt': 'b', '../message': 'x'.repeat(3_000_000) });
        await git('add', 'b.txt');
        await git('commit', '--quiet', '--file', path.join(folder, '../message'));
      });
      const published = await publish(left, { branch: 'claude/long' });
      assert.equal(published.outcome === 'published' && published.message, 'chore: auto-commit changes');
      await shop.onServer('branch', '-D', 'claude/long');
    });
  });

  describe('or host with settings of its own', () => {
    it('does not change what git does', async () => {
      const home = await mkdtemp(path.join(shop.folder, 'home-'));
      const run = `echo stolen >> ${canary}`;
      await mkdir(path.join(home, 'hooks'));
      await writeFile(path.join(home, 'hooks/reference-transaction'), `#!/bin/sh\n${run}\n`);
      await chmod(path.join(home, 'hooks/reference-transaction'), 0o755);
      const lines = [
        `[core]\nhooksPath = ${home}/hooks\nfsmonitor = "${run}"`,
        `[url "http://127.0.0.1:9/"]\ninsteadOf = http://`,
      ];
      await writeFile(path.join(home, '.gitconfig'), `${lines.join('\n')}\n[http]\nproxy = http://127.0.0.1:9\n`);
      const hostile = {
        HOME: home,
        XDG_CONFIG_HOME: home,
        GIT_CONFIG_GLOBAL: path.join(home, '.gitconfig'),
        GIT_CONFIG_PARAMETERS: `'core.hooksPath=${home}/hooks'`,
        GIT_DIR: '/nowhere',
        GIT_WORK_TREE: '/nowhere',
        GIT_TEMPLATE_DIR: home,
        GIT_EXEC_PATH: home,
        GIT_SSH_COMMAND: run,
        GIT_EXTERNAL_DIFF: run,
        GIT_TRACE: canary,
        GIT_TRACE_CURL: canary,
        LD_PRELOAD: '',
      };
      const before = { ...process.env };
      Object.assign(process.env, hostile);
      try {
        await cloneRepository(await shop.openGit(), shop.remote, { branch: null, depth: null });
      } finally {
        for (const name of Object.keys(hostile)) delete process.env[name];
        Object.assign(process.env, before);
      }
      assert.ok(!existsSync(canary) || (await readFile(canary, 'utf8')) === '');
    });
  });
});

import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import path from 'node:path/posix';
import { isCiFile } from '../../repositories/gate/ci-files.ts';
import type { Finding } from '../../repositories/gate/finding.ts';
import { knownSecretFinder } from '../../repositories/gate/known-secrets.ts';
import { symlinkFault } from '../../repositories/gate/symlinks.ts';
import { publishWork, type PublishOrder } from '../../repositories/publish.ts';
import type { RepositoryError } from '../../repositories/repository-error.ts';
import { openWorkshop, orderFor, type Checkout, type Workshop } from './workshop.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const githubToken = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
const canary = `canary-${randomBytes(16).toString('hex')}`;

describe('the gate', () => {
  let shop: Workshop;
  before(async () => {
    const files = {
      'README.md': '# Project\n',
      'old.txt': `token ${githubToken}\n`,
      '.github/workflows/ci.yml': 'on: push\n',
    };
    shop = await openWorkshop(files);
  });
  after(() => shop?.[Symbol.asyncDispose]());

  async function findingsFor(
    work: (checkout: Checkout) => Promise<unknown>,
    changes: Partial<PublishOrder> = {},
  ): Promise<readonly Finding[]> {
    const left = await shop.agentLeaves(async (checkout) => {
      await work(checkout);
      await checkout.commit('feat: something');
    });
    const order = orderFor(left, { branch: `claude/${randomBytes(6).toString('hex')}`, ...changes });
    try {
      await publishWork(await shop.openGit(), shop.remote, order);
    } catch (error) {
      assert.equal(await shop.onServer('branch', '--list', order.branch), '');
      assert.equal((error as RepositoryError).failure, 'PublishRefused');
      return (error as RepositoryError).findings;
    }
    assert.notEqual(await shop.onServer('branch', '--list', order.branch), '');
    return [];
  }
  const found = async (...args: Parameters<typeof findingsFor>) =>
    (await findingsFor(...args)).map(({ path: place, rule }) => `${rule} ${place}`).toSorted();

  it('lets ordinary work pass, with strange names, links inside, executables and large-file pointers', async () => {
    const findings = await found(async ({ write, link, git }) => {
      await write({ 'new\nline.txt': 'x', 'späce é/"q".txt': 'x', 'bin/run': '#!/bin/sh\n', 'a/b/c.txt': 'x' });
      await write({
        '.gitattributes': '*.bin filter=lfs\n',
        'big.bin': 'version https://git-lfs.github.com/spec/v1\n',
      });
      await git('update-index', '--add', '--chmod=+x', 'bin/run');
      await link('to-file', 'README.md');
      await link('a/to-folder', '../bin');
    });
    assert.deepEqual(findings, []);
  });

  it('holds back what looks like a secret, also where a comment asks it not to look', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
    const findings = await findingsFor(({ write }) =>
      write({
        'config.ts': `// secretlint-disable\nexport const token = '${githubToken}';\n`,
        'deploy.pem': pem,
        'image.bin': Buffer.concat([Buffer.from([0, 255, 0]), Buffer.from(githubToken), Buffer.from([0])]),
      }),
    );
    assert.deepEqual(
      findings.map(({ path: place }) => place),
      ['config.ts', 'deploy.pem', 'image.bin'],
    );
    assert.ok(findings.every(({ rule }) => rule === 'secret'));
    assert.ok(!JSON.stringify(findings).includes(githubToken.slice(4, 20)));
  });

  it('does not blame an agent for a secret that was there before', async () => {
    const findings = await found(async ({ write, git }) => {
      await write({ 'old.txt': `first line\ntoken ${githubToken}\n` });
      await git('mv', 'README.md', 'READ.md');
    });
    assert.deepEqual(findings, []);
    assert.deepEqual(await found(({ git }) => git('mv', 'old.txt', 'moved.txt')), []);
  });

  it('holds back the credentials of the run themselves, in whatever form, in contents, names and links', async () => {
    const findings = await found(
      async ({ write, link }) => {
        await write({
          'plain.txt': `it is ${canary}!`,
          'base64.txt': Buffer.from(`user:${canary}:end`).toString('base64'),
          'hex.txt': Buffer.from(canary).toString('hex'),
          [`${canary}.txt`]: 'in the name',
        });
        await link('link', canary);
      },
      { secrets: [canary] },
    );
    const places = ['base64.txt', `${canary}.txt`, 'hex.txt', 'link', 'plain.txt'];
    assert.deepEqual(findings, places.map((place) => `known-secret ${place}`).toSorted());
  });

  it('publishes no secret in the commit’s message either', async () => {
    for (const message of [`feat: use ${githubToken}`, `feat: use ${canary}`]) {
      const left = await shop.agentLeaves(async ({ write, commit }) => {
        await write({ 'm.txt': message.slice(-3) });
        await commit(message);
      });
      const branch = `claude/${randomBytes(6).toString('hex')}`;
      const published = await publishWork(
        await shop.openGit(),
        shop.remote,
        orderFor(left, { branch, secrets: [canary] }),
      );
      assert.equal(published.outcome === 'published' && published.message, 'chore: auto-commit changes');
    }
  });

  it('holds back changes to CI files, removals and links in their place too, unless they are allowed', async () => {
    const work = async ({ write, git, link }: Checkout) => {
      await write({ '.github/workflows/new.yml': 'on: push\n', '.gitlab-ci.yml': 'x: 1\n', '.github/ok.md': 'fine\n' });
      await git('rm', '--quiet', '.github/workflows/ci.yml');
      await link('.circleci', 'README.md');
    };
    const places = ['.circleci', '.github/workflows/ci.yml', '.github/workflows/new.yml', '.gitlab-ci.yml'];
    assert.deepEqual(
      await found(work),
      places.map((place) => `ci-file ${place}`),
    );
    const policy = { ciFiles: true, maxFiles: 100, maxFileBytes: 1_000_000, maxTotalBytes: 2_000_000 };
    assert.deepEqual(await found(work, { policy }), []);
  });

  it('holds back links that lead out of the tree, and repositories within the repository', async () => {
    const findings = await found(async ({ link, write, git }) => {
      await link('absolute', '/etc/passwd');
      await link('up', '../outside');
      await write({ 'd/e/f.txt': 'x' });
      await link('d/e/far', '../../../outside');
      await link('d/e/twisted', '../e/../../..');
      await link('config', '.git/config');
      await git('init', '--quiet', 'inner');
      await git('-C', 'inner', 'commit', '--quiet', '--allow-empty', '--message', 'inner');
    });
    const links = ['absolute', 'config', 'd/e/far', 'd/e/twisted', 'up'].map((place) => `symlink ${place}`);
    assert.deepEqual(findings, ['submodule inner', ...links].toSorted());
  });

  it('holds back what is too large or too much', async () => {
    const policy = { ciFiles: false, maxFiles: 3, maxFileBytes: 1000, maxTotalBytes: 1500 };
    assert.deepEqual(await found(({ write }) => write({ 'large.txt': 'x'.repeat(1001) }), { policy }), [
      'file-size large.txt',
    ]);
    const two = { 'a.txt': 'a'.repeat(900), 'b.txt': 'b'.repeat(900) };
    assert.deepEqual(await found(({ write }) => write(two), { policy }), ['total-size (all files)']);
    const many = Object.fromEntries(['1', '2', '3', '4'].map((name) => [name, 'x']));
    assert.deepEqual(await found(({ write }) => write(many), { policy }), ['total-size (all files)']);
  });
});

describe('a path of the gate', () => {
  it('counts as CI file wherever letters are large, and only there where CI looks', () => {
    for (const place of ['.GitHub/Workflows/x.yml', 'Jenkinsfile', '.github', '.gitlab', '.gitlab/ci/x'])
      assert.ok(isCiFile(place), place);
    for (const place of ['docs/.github/workflows/x.yml', '.github/ISSUE_TEMPLATE/x.md', 'src/ci', '.githubx'])
      assert.ok(!isCiFile(place), place);
  });

  it('lets a symbolic link through only if it stays inside, whatever other links there are', () => {
    const part = fc.constantFrom('a', 'b', '.', '..', '', '.git');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 }),
        fc.array(part, { maxLength: 6 }),
        (place, target) => {
          if (symlinkFault(place.join('/'), target.join('/')) !== undefined) return;
          const reached = path.join(path.dirname(place.join('/')), target.join('/'));
          assert.ok(!reached.startsWith('..') && !path.isAbsolute(target.join('/')) && !reached.startsWith('.git'));
        },
      ),
    );
  });
});

describe('a known secret', () => {
  it('is found within anything, as it is or encoded', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019+/=-_~'), minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(secret, fc.uint8Array(), fc.uint8Array(), (value, head, tail) => {
        const isIn = knownSecretFinder([value]);
        const whole = Buffer.concat([head, Buffer.from(value), tail]);
        assert.ok(isIn(whole));
        assert.ok(isIn(Buffer.from(whole.toString('base64'))));
        assert.ok(isIn(Buffer.from(whole.toString('base64url'))));
        assert.ok(isIn(Buffer.from(whole.toString('hex'))));
      }),
    );
    assert.ok(!knownSecretFinder(['abc'])(Buffer.from('abc')));
  });
});

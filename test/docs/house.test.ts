/** House rules that no other tool watches. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { root } from '../support/markdown.ts';

const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
const files = stdout.split('\n').filter((file) => existsSync(path.join(root, file)));

/** Names that other programs give, or that stand for a place. */
const foreign = /^(README|CONTRIBUTING)\.md$|^LICENSE$|^(local-cloud|agent-host)\/image\/(.+\.)?Dockerfile$/;

describe('the house', () => {
  it('has file and folder names in kebab-case', () => {
    const isKebab = (part: string) => /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/.test(part);
    assert.deepEqual(
      files.filter((file) => !foreign.test(file) && !file.split('/').every(isKebab)),
      [],
    );
  });

  it('gives reasons for exactly the import rules that are checked', () => {
    const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    assert.deepEqual(
      firstColumn('CONTRIBUTING.md', '## Who may import whom').toSorted(),
      forbidden.map(({ name }) => name).toSorted(),
    );
  });

  it('says in README.md what is in every folder', () => {
    const folders = files.flatMap((file) => /^([a-z][\w-]*\/)/.exec(file)?.[1] ?? []);
    const explained = firstColumn('README.md', '## Where things are');
    assert.deepEqual(explained.toSorted(), [...new Set(folders)].toSorted());
  });

  it('tells editors how files are laid out', () => {
    assert.match(readFileSync(path.join(root, '.editorconfig'), 'utf8'), /^root = true/);
  });
});

/** The code marks that begin the rows of the first table below a heading. */
function firstColumn(file: string, heading: string): string[] {
  const section = readFileSync(path.join(root, file), 'utf8').split(`${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, first = '']) => first);
}

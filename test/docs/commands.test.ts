/** What the documentation tells people to type, can be typed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { documentation, readPage, root } from '../support/markdown.ts';

const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const pages = documentation();
const commands = pages.flatMap(({ blocks, snippets }) => [
  ...blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split(/\n|&&/)),
  ...snippets,
]);

describe('a command of the documentation', () => {
  it('is a script of package.json, where it begins with `npm run`', () => {
    const named = commands.flatMap((text) => /^\s*npm run (?:-s )?([\w:-]+)/.exec(text)?.[1] ?? []);
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });

  it('is a verb of the program, where it begins with `pawl`', async () => {
    const verbs = commands.flatMap(
      (text) => /^\s*(?:npm run -s )?pawl (?:-- )?([a-z]+(?: [a-z]+)?)$/.exec(text)?.[1] ?? [],
    );
    assert.ok(new Set(verbs).size > 2);
    for (const verb of new Set(verbs)) {
      const { stdout } = await execa('node', ['cli/pawl.ts', ...verb.split(' '), '--help'], { cwd: root });
      assert.match(stdout, new RegExp(`^Usage: pawl ${verb} `));
    }
  });

  it('is explained in CONTRIBUTING.md, if it is a script', () => {
    const explained = readPage('CONTRIBUTING.md').snippets.join('\n');
    const written = (name: string) => (['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`);
    const missing = Object.keys(scripts).filter((name) => !explained.split('\n').includes(written(name)));
    assert.deepEqual(missing, []);
  });
});

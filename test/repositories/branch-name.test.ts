import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import fc from 'fast-check';
import { runBranch, slugOf } from '../../workflows/contract/branch-name.ts';
import { hostileTexts } from '../support/hostile-values.ts';

const runId = 'run-k3x9a1b2c3';

describe('the branch of a run', () => {
  it('tells what the run is about, and whose it is', () => {
    assert.equal(runBranch('Add a login page, please!', runId), 'claude/add-a-login-page-please-x9a1b2c3');
    assert.equal(runBranch('Über die Brücke: größer machen', runId), 'claude/uber-die-brucke-gro-er-machen-x9a1b2c3');
  });

  it('ends at a word, within 40 characters', () => {
    const prompt = 'Rewrite the whole authentication module to use sessions';
    assert.equal(slugOf(prompt), 'rewrite-the-whole-authentication-module');
  });

  it('shows no token, address or assignment that stands in the prompt', () => {
    assert.equal(slugOf('use 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 now'), 'use-now');
    assert.equal(slugOf('clone https://u:p@h.example/x and KEY=abc me@h.example'), 'clone-and');
  });

  it('is called by a word of its own when the prompt has none', () => {
    for (const prompt of ['', '   ', '!!!', '日本語', '..', '/', '.lock']) {
      assert.match(slugOf(prompt), /^(changes|lock)$/);
    }
  });

  it('is always one that git takes, of letters, digits and dashes', async () => {
    const prompts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.lorem({ maxCount: 30 }),
      fc.constantFrom(...hostileTexts('/tmp/x')),
    );
    const branches = fc.sample(prompts, 500).map((prompt) => runBranch(prompt, runId));
    for (const branch of branches) {
      assert.match(branch, /^claude\/[a-z0-9]+(-[a-z0-9]+)*-x9a1b2c3$/);
      assert.ok(branch.length <= 'claude/'.length + 40 + '-x9a1b2c3'.length);
    }
    // git itself, once for all of them: a name that it refuses would end the command.
    const script = 'while read -r name; do git check-ref-format "refs/heads/$name" || exit 1; done';
    await execa('sh', ['-c', script], { input: `${branches.join('\n')}\n` });
  });

  it('is the same for every try of the run', () => {
    fc.assert(fc.property(fc.string(), (prompt) => runBranch(prompt, runId) === runBranch(prompt, runId)));
  });
});

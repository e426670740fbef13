/** What other programs say is shown without what they should not have said. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scrub } from '../../cloud-init/on-machine/scrub.ts';

describe('scrubbing another program’s words', () => {
  it('takes credentials out of addresses and keeps the rest', () => {
    assert.equal(
      scrub("fatal: unable to access 'https://octocat:hunter2@example.com/x.git/': 403"),
      "fatal: unable to access 'https://***@example.com/x.git/': 403",
    );
    assert.equal(scrub('https://ghp_secret@example.com/x'), 'https://***@example.com/x');
    assert.equal(scrub('ssh://git:p%40ss@example.com/x'), 'ssh://***@example.com/x');
  });

  it('takes tokens out of queries and headers', () => {
    assert.equal(scrub('GET /x?token=abc&page=2'), 'GET /x?token=***&page=2');
    assert.equal(scrub('> Authorization: Bearer abc.def\nnext'), '> Authorization: ***\nnext');
  });

  it('takes out every secret that it is told of', () => {
    assert.equal(scrub('a T0KEN b T0KEN', ['T0KEN']), 'a *** b ***');
  });

  it('keeps the end of what is too long for a report, and no colours', () => {
    const text = scrub(`\u001b[31m${'x'.repeat(5000)} the reason\u001b[0m`);
    assert.equal(text.length, 2000);
    assert.match(text, /^….* the reason$/);
  });
});

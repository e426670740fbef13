import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isListed, normalizeHost } from '../../gateway/egress/allow-list.ts';

describe('a list of hosts', () => {
  it('has names, and suffixes for all names below them', () => {
    const list = ['npm.example', '*.cdn.example'];
    for (const yes of ['npm.example', 'a.cdn.example', 'a.b.cdn.example']) assert.ok(isListed(yes, list), yes);
    for (const no of ['', 'x.npm.example', 'cdn.example', 'notcdn.example', 'npm.example.evil', 'xnpm.example']) {
      assert.ok(!isListed(no, list), no);
    }
  });

  it('is compared with names in one form', () => {
    assert.equal(normalizeHost('NPM.Example.'), 'npm.example');
    assert.equal(normalizeHost('bücher.example'), 'xn--bcher-kva.example');
    for (const none of ['', 'a b', 'a/b', '[::1', 'a%00b']) assert.equal(normalizeHost(none), '', none);
  });
});

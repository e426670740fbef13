import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fairnessKeyOf } from '../../api/runs/fairness-key.ts';

const repository = { url: 'https://git.test/octo/hello.git' };
const run = { owner: 'owner', sessionId: 'one', repository };

describe('the places of runners', () => {
  it('are shared by the runs of one repository, whatever their sessions', () => {
    assert.equal(fairnessKeyOf({ ...run, sessionId: 'two' }), fairnessKeyOf(run));
  });

  it('are shared fairly between repositories, between sessions without one, and between callers', () => {
    const others = [
      { ...run, repository: { url: `${repository.url}2` } },
      { ...run, owner: 'somebody' },
      { ...run, repository: null },
      { ...run, repository: null, sessionId: 'two' },
    ];
    assert.equal(new Set([run, ...others].map(fairnessKeyOf)).size, 5);
  });

  it('have keys that Temporal takes, however long the URL is', () => {
    const key = fairnessKeyOf({ ...run, repository: { url: `https://git.test/${'a'.repeat(2000)}` } });
    assert.ok(Buffer.byteLength(key) <= 64);
  });
});

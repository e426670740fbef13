/** A provider that is down: creations wait for it, deletions keep asking it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import type { MachineProvider } from '../../activities/providers/provider.ts';
import { withBreaker } from '../../activities/providers/with-breaker.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';

describe('while its provider is down', () => {
  let house: LifecycleHouse;
  let guarded: MachineProvider;
  before(async () => {
    house = await openLifecycleHouse(undefined, (provider) => {
      // The breaker goes by the real clock, of which little passes while the server's time skips.
      guarded = withBreaker(provider, { failures: 3, openMs: 2_000 });
      return guarded;
    });
  });
  after(async () => house[Symbol.asyncDispose]());

  it('a new workspace waits, tells so, and comes up when the provider is back', async () => {
    const story = await house.start();
    let calls = 0;
    house.script.before = (call) => {
      if (call === 'ensureMachine' && ++calls <= 3) throw failure('ProviderUnavailable', 'connection refused');
    };
    await story.passes(1);
    await story.becomesReady();

    const reasons = (await story.events())
      .filter(({ type }) => type === 'machine.retrying')
      .map(({ data }) => (data as { reason: string }).reason);
    assert.deepEqual(reasons.slice(0, 3), Array(3).fill('connection refused'));
    assert.match(reasons[3] ?? '', /^scripted failed too often in a row; it is tried again at 20\d\d-/);
    assert.equal(calls, 4, 'the provider was asked once more, for the trial');
    assert.equal(guarded.breaker?.().state, 'closed');
    await story.stop();
    await story.ends();
  });

  it('a stopped one keeps asking until its machine is gone, which shows that the provider is back', async () => {
    const story = await house.start();
    await story.becomesReady();
    let failures = 8;
    house.script.before = (call) => {
      if (call === 'removeMachine' && failures-- > 0) throw failure('ProviderUnavailable', 'connection refused');
    };
    await story.stop();
    assert.equal((await story.ends()).status, 'stopped');
    assert.deepEqual(story.machines(), []);
    assert.ok(failures < 0, 'every try reached the provider');
    assert.equal(guarded.breaker?.().state, 'closed');
  });
});

/** What a machine costs is counted from its creation until it is proven gone, whatever happens in between. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { until } from '../../engine/until.ts';
import type { MachineCost } from '../../store/store.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

const prices = () => ({
  hourlyPrice: { micros: 9_600, currency: 'EUR' },
  monthlyPrice: { micros: 5_990_000, currency: 'EUR' },
});

describe('the account of a machine', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  const accounts = (story: Story): Promise<MachineCost[]> => house.store.costs.ofWorkspace(story.input.workspaceId);

  async function startPaid(): Promise<Story> {
    const story = await house.start();
    house.script.prices = prices;
    return story;
  }

  it('is opened with the machine, at the provider’s own price and time', async () => {
    const story = await startPaid();
    await story.becomesReady();
    const [account, ...more] = await accounts(story);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [account?.providerId, account?.hourlyMicros, account?.monthlyMicros, account?.currency, account?.until],
      [story.machines()[0], 9_600, 5_990_000, 'EUR', null],
    );
    await story.stop();
    await story.ends();
  });

  it('stays open while the provider does not prove the removal, and is closed when it does', async () => {
    const story = await startPaid();
    await story.becomesReady();
    const { promise: answer, resolve: release } = Promise.withResolvers<void>();
    let asked = false;
    house.script.after = async (call) => {
      if (call !== 'removeMachine') return;
      asked = true;
      await answer;
    };
    await story.stop();
    await until('the removal was asked for', () => asked);
    assert.equal((await accounts(story))[0]?.until, null);
    release();
    await story.ends();
    assert.notEqual((await accounts(story))[0]?.until, null);
  });

  it('is one, though the answer to the creation was lost twice', async () => {
    const story = await startPaid();
    let lost = 2;
    house.script.after = (call) => {
      if (call === 'ensureMachine' && lost-- > 0) throw failure('ProviderUnavailable', 'timed out after the change');
    };
    await story.becomesReady();
    assert.equal((await accounts(story)).length, 1);
    await story.stop();
    await story.ends();
  });

  it('is opened at the removal at the latest, when no creation ever told of the machine', async () => {
    const story = await startPaid();
    house.script.after = (call) => {
      if (call === 'ensureMachine') throw failure('ProviderRefused', 'made, but not told');
    };
    assert.equal((await story.ends()).errorCode, 'ProviderRefused');
    const [account] = await accounts(story);
    assert.ok(account?.until, 'closed');
    assert.ok(account.since <= account.until);
  });

  it('does not keep a machine from being removed when it cannot be seen', async () => {
    const story = await startPaid();
    house.script.before = (call) => {
      if (call === 'ensureMachine') throw failure('ProviderRefused', 'not made');
      if (call === 'findMachine') throw failure('ProviderRefused', 'no looks today');
    };
    assert.equal((await story.ends()).error, 'not made');
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await accounts(story), []);
  });

  it('is not opened for a machine that costs nothing', async () => {
    const story = await house.start();
    await story.becomesReady();
    assert.deepEqual(await accounts(story), []);
    await story.stop();
    await story.ends();
  });

  it('is closed when nobody else will: the workspace is over, and the provider shows nothing of it', async () => {
    const story = await house.start();
    const { workspaceId } = story.input;
    // Not while a step begins: the time-skipping server loses a cancellation that meets the end of what it cancels.
    await story.becomesReady();
    await story.stop();
    await story.ends();
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const account = { workspaceId, provider: 'scripted', providerId: 'machine-x', currency: 'EUR', since };
    await house.store.costs.open({ ...account, hourlyMicros: 9_600, monthlyMicros: null });
    const request = { place: 'scripted', minAgeMinutes: 15 };

    house.isLive = async () => true;
    assert.deepEqual(await house.activities.closeForgottenAccounts(request), []);
    house.isLive = async () => false;
    assert.deepEqual(await house.activities.closeForgottenAccounts({ ...request, minAgeMinutes: 90 }), []);
    assert.deepEqual(await house.activities.closeForgottenAccounts(request), [workspaceId]);

    assert.ok((await accounts(story))[0]?.until);
  });
});

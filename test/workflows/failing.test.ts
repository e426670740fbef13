/** Whatever fails while a workspace is made: nothing stays, and the reason is told. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import type { Activities } from '../../activities/index.ts';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

describe('a workspace that cannot be made', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  async function assertNothingLeft(story: Story): Promise<void> {
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await story.secrets(), []);
    const types = (await story.events()).map(({ type }) => type).filter((type) => type !== 'machine.retrying');
    assert.deepEqual(types.slice(-3), ['workspace.stopping', 'machine.removed', 'workspace.failed']);
  }

  it('fails with the reason of a provider that refuses', async () => {
    const story = await house.start();
    house.script.before = (call) => {
      if (call === 'ensureMachine') throw failure('ProviderRefused', 'the token is not valid');
    };

    const ended = await story.ends();

    assert.deepEqual(
      [ended.status, ended.errorCode, ended.error],
      ['failed', 'ProviderRefused', 'the token is not valid'],
    );
    await assertNothingLeft(story);
  });

  it('waits for a provider that is down, says so, and comes up when it is back', async () => {
    const story = await house.start();
    let refusals = 3;
    house.script.before = (call) => {
      if (call === 'ensureMachine' && refusals-- > 0) throw failure('ProviderUnavailable', 'connection refused');
    };

    await story.becomesReady();

    const retries = (await story.events()).filter(({ type }) => type === 'machine.retrying');
    assert.deepEqual(
      retries.map(({ data }) => (data as { attempt: number; reason: string }).reason),
      ['connection refused', 'connection refused', 'connection refused'],
    );
    await story.stop();
    await story.ends();
  });

  it('fails when the provider stays down', async () => {
    const story = await house.start();
    house.script.before = (call) => {
      if (call === 'ensureMachine') throw failure('ProviderUnavailable', 'connection refused');
    };
    const ended = await story.ends();
    assert.equal(ended.status, 'failed');
    assert.match(ended.error ?? '', /connection refused/);
    await assertNothingLeft(story);
  });

  it('leaves one machine at most when the provider answers too late, and none at the end', async () => {
    const story = await house.start();
    let lost = 2;
    house.script.after = (call) => {
      if (call === 'ensureMachine' && lost-- > 0) throw failure('ProviderUnavailable', 'timed out after the change');
    };

    await story.becomesReady();
    assert.equal(story.creations(), 1);

    await story.stop();
    await story.ends();
    assert.deepEqual(story.machines(), []);
  });

  for (const step of bootSteps) {
    it(`fails with the machine's own words when the step "${step}" fails`, async () => {
      const story = await house.start();
      await story.bootReports(step, 'started');
      await story.bootReports(step, 'failed', `fatal: ${step} is broken`);

      const ended = await story.ends();

      assert.equal(ended.errorCode, 'BootFailed');
      assert.equal(ended.error, `${step}: fatal: ${step} is broken`);
      await assertNothingLeft(story);
    });
  }

  it('fails when the machine never gets ready, and says how far it came', async () => {
    const story = await house.start();
    await story.bootReports('clone', 'started');

    const ended = await story.ends();

    assert.equal(ended.errorCode, 'BootTimedOut');
    assert.equal(ended.error, 'Not usable after 20 minutes (last heard: clone started).');
    await assertNothingLeft(story);
  });

  it('fails at once when the machine disappears while it boots', async () => {
    const story = await house.start();
    await story.bootReports('clone', 'started');
    await story.reachesEvent('machine.created');
    house.replaced.readMachine = async () => 'missing';

    const ended = await story.ends();

    assert.equal(ended.errorCode, 'MachineLost');
    await assertNothingLeft(story);
  });

  it('fails when the terminal never answers, though the machine says it is ready', async () => {
    // Each try is a real request in real time, so there are fewer of them.
    const story = await house.start({ limits: { provisionMinutes: 0.1 } });
    house.terminal.answer(502);
    for (const step of bootSteps) await story.bootReports(step, 'done');

    const ended = await story.ends();

    assert.equal(ended.status, 'failed');
    assert.match(ended.error ?? '', /answers 502, not 200/);
    await assertNothingLeft(story);
  });

  const compensations: (keyof Activities)[] = ['removeMachine', 'removeSecrets'];
  for (const name of compensations) {
    it(`is removed all the same when ${name} fails at first, even finally`, async () => {
      const story = await house.start();
      let tries = 0;
      const failsOnce = (): Promise<never> | undefined =>
        tries++ === 0 ? Promise.reject(failure('ProviderUnavailable', 'not now')) : undefined;
      const real = house.activities[name] as (...args: unknown[]) => Promise<unknown>;
      house.replaced = { [name]: (...args: unknown[]) => failsOnce() ?? real(...args) };
      await story.bootReports('clone', 'failed', 'fatal: repository not found');

      const ended = await story.ends();

      assert.equal(tries, 2);
      assert.equal(ended.error, 'clone: fatal: repository not found');
      await assertNothingLeft(story);
    });
  }

  it('is removed even when the provider refuses for good to remove, until it does not', async () => {
    const story = await house.start();
    let refusals = 3;
    house.script.before = (call) => {
      if (call === 'removeMachine' && refusals-- > 0) throw failure('ProviderRefused', 'the token was revoked');
    };
    await story.bootReports('clone', 'failed', 'fatal: repository not found');

    const ended = await story.ends();

    assert.equal(ended.status, 'failed');
    await assertNothingLeft(story);
  });
});

describe('a workspace whose provider is away now and then', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  it('tells every failed try, also when it continued as new in between', async () => {
    const story = await house.start({ limits: { maxHistoryEvents: 60 } });
    const refusals = new Map<string, number>([
      ['ensureMachine', 2],
      ['removeMachine', 2],
    ]);
    house.script.before = (call) => {
      const left = refusals.get(call) ?? 0;
      refusals.set(call, left - 1);
      if (left > 0) throw failure('ProviderUnavailable', 'connection refused');
    };
    await story.becomesReady();
    // In less than the idle minutes: a later run then has as few activities before its removal as the first before its creation.
    for (let minutes = 0; minutes < 24; minutes += 2) {
      await story.beats(0);
      await story.passes(2);
    }
    const { runId } = await story.handle.describe();
    assert.notEqual(runId, story.firstRunId, 'it continued as new');

    await story.stop();
    await story.ends();

    const retries = (await story.events()).filter(({ type }) => type === 'machine.retrying');
    assert.deepEqual(
      retries
        .map(({ data }) => data as { activity: string; attempt: number })
        .map(({ activity, attempt }) => `${activity} ${attempt}`),
      ['ensureMachine 1', 'ensureMachine 2', 'removeMachine 1', 'removeMachine 2'],
    );
  });
});

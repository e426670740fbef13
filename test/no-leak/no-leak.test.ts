/**
 * No leak by construction: whatever people wish, whatever goes wrong at both clouds, whenever workers die, nothing is left
 * in the end, and there are never two servers for one workspace. `NO_LEAK_SCHEDULES=2000 NO_LEAK_SEED=…` takes others.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { House } from './house.ts';
import { openHouses } from './houses.ts';
import { inWords } from './removal-times.ts';
import { schedules } from './schedule.ts';

const seed = Number(process.env['NO_LEAK_SEED'] ?? 20261121);
const numRuns = Number(process.env['NO_LEAK_SCHEDULES'] ?? 200);

describe(`${numRuns} schedules of wishes, faults and kills (seed ${seed})`, () => {
  let house: House;

  before(() => void (house = openHouses()));
  after(() => house[Symbol.asyncDispose]());

  it('leave nothing behind', async (t) => {
    const all = fc.sample(schedules, { seed, numRuns });
    const outcomes = await house.play(all);
    for (const line of inWords(outcomes)) t.diagnostic(line);
    const failed = outcomes.findIndex(({ broken }) => broken.length > 0);
    if (failed < 0) return;
    await shrink(house, failed);
    assert.deepEqual(outcomes[failed]?.broken, [], `not when played alone: ${JSON.stringify(all[failed], null, 2)}`);
  });
});

/** Plays the schedule again, alone, and then smaller ones; throws the smallest that still breaks something. */
async function shrink(house: House, index: number): Promise<void> {
  const holds = fc.asyncProperty(schedules, async (schedule) => {
    const [outcome] = await house.play([schedule]);
    assert.deepEqual(outcome?.broken, []);
  });
  await fc.assert(holds, { seed, path: String(index), numRuns: 1, skipAllAfterTimeLimit: 120_000 });
}

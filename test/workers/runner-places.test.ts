/** How many runs a host has at the same time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRunnerPlaces, type RunnerPlaces } from '../../activities/runner-places.ts';

const context = {
  slotType: 'activity',
  taskQueue: 'runner',
  workerIdentity: '',
  workerBuildId: '',
  isSticky: false,
} as const;
const never = new AbortController().signal;

describe('the places of a runner', () => {
  it('gives out as many slots as it has places, and one more when one comes back', async () => {
    const places = createRunnerPlaces(2);
    const [first = {}] = [await reserve(places), await reserve(places)];
    assert.equal(places.slots.tryReserveSlot(context), null);
    const third = reserve(places);
    places.slots.releaseSlot({ permit: first });
    await third;
    assert.equal(places.slots.tryReserveSlot(context), null);
  });

  it('counts runs that came back to it, each once', async () => {
    const places = createRunnerPlaces(2);
    places.takeBack('run-1');
    places.takeBack('run-1');
    await reserve(places);
    const next = reserve(places);
    places.free('run-1');
    await next;
  });

  it('wakes who holds a place when nothing of the run is left, and nobody else', async () => {
    const places = createRunnerPlaces(1);
    const mine = places.untilFree('run-1', never);
    const stop = new AbortController();
    const other = places.untilFree('run-2', stop.signal);
    places.free('run-1');
    await mine;
    stop.abort();
    await assert.rejects(other, { name: 'AbortError' });
  });

  it('stops waiting for a place when its worker ends', async () => {
    const places = createRunnerPlaces(1);
    await reserve(places);
    const stop = new AbortController();
    const waiting = places.slots.reserveSlot(context, stop.signal);
    stop.abort();
    await assert.rejects(waiting, (error) => error === stop.signal.reason);
  });
});

async function reserve({ slots }: RunnerPlaces) {
  return await slots.reserveSlot(context, never);
}

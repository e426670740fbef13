import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createHeartbeatFilter, longestSilenceMs, type HeartbeatVerdict } from '../../api/heartbeats.ts';

const minuteMs = 60_000;
const beatMs = 30_000;
const usual = { idleMinutes: 30, heartbeatLostMinutes: 15 };
const dayBeats = (24 * 60 * minuteMs) / beatMs;

/** A machine's life as the filter and the lifecycle see it; activity is a predicate over the number of a beat. */
async function play(beats: number, isActive: (beat: number) => boolean, limits = usual) {
  let now = 1_000_000_000;
  let lastActivityAt = now;
  const filter = createHeartbeatFilter(limits, () => now);
  const known = { activityAt: now, heardAt: now };
  const steps: { now: number; verdict: HeartbeatVerdict; truth: number; known: typeof known }[] = [];
  for (let beat = 1; beat <= beats; beat += 1) {
    now += beatMs;
    if (isActive(beat)) lastActivityAt = now;
    const report = { seq: beat, idleSeconds: (now - lastActivityAt) / 1000, keptAliveBy: [] };
    const verdict = await filter.pass('ws-aaaaaa', report, async () => {
      Object.assign(known, { activityAt: lastActivityAt, heardAt: now });
    });
    steps.push({ now, verdict, truth: lastActivityAt, known: { ...known } });
  }
  return steps;
}

function countForwarded(steps: { verdict: HeartbeatVerdict }[]): number {
  return steps.filter(({ verdict }) => verdict === 'forward').length;
}

describe('coalescing of heartbeats', () => {
  it('turns a day of an active user into at most 200 signals', async () => {
    assert.ok(countForwarded(await play(dayBeats, () => true)) <= 200);
  });

  it('turns a day of a user who types once a minute into at most 200 signals', async () => {
    assert.ok(countForwarded(await play(dayBeats, (beat) => beat % 2 === 0)) <= 200);
  });

  it('turns any day into at most 400 signals', async () => {
    const days = fc.array(fc.record({ active: fc.nat(90), quiet: fc.nat(90) }), { minLength: 60, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(days, async (spans) => {
        const pattern = spans.flatMap(({ active, quiet }) => [
          ...new Array<boolean>(active).fill(true),
          ...new Array<boolean>(quiet).fill(false),
        ]);
        const steps = await play(dayBeats, (beat) => pattern[beat % Math.max(pattern.length, 1)] ?? false);
        assert.ok(countForwarded(steps) <= 400, `${countForwarded(steps)} signals`);
      }),
      { numRuns: 60 },
    );
  });

  it('lets the lifecycle know, at its deadline, of all activity but that of the last beat', async () => {
    const lives = fc.array(fc.integer({ min: 0, max: 130 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lives, async (gaps) => {
        const active = new Set<number>();
        gaps.reduce((beat, gap) => (active.add(beat + gap), beat + gap + 1), 0);
        const steps = await play(Math.max(...active) + 80, (beat) => active.has(beat));
        for (const { now, truth, known } of steps) {
          const isPastDeadline = now >= known.activityAt + usual.idleMinutes * minuteMs;
          if (isPastDeadline) assert.ok(truth - known.activityAt <= beatMs, `${truth - known.activityAt} ms unknown`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('confirms a deadline with the first beat after it', async () => {
    // The longest silence is no divisor of the idle span here, so that no other reason falls on that beat.
    const limits = { idleMinutes: 30, heartbeatLostMinutes: 14 };
    const steps = await play(70, (beat) => beat === 1, limits);
    const first = steps.find(({ now, known }) => now >= known.activityAt + limits.idleMinutes * minuteMs);
    assert.equal(first?.verdict, 'forward');
  });

  it('goes on confirming at growing distances when the lifecycle keeps the workspace on request', async () => {
    const steps = await play(dayBeats, (beat) => beat === 1);
    assert.ok(countForwarded(steps) <= 210, `${countForwarded(steps)} signals`);
  });

  it('never lets the lifecycle go without a beat for longer than the longest silence', async () => {
    for (const { now, known } of await play(dayBeats, (beat) => beat % 7 === 0)) {
      assert.ok(now - known.heardAt <= longestSilenceMs(usual));
    }
  });
});

describe('the heartbeats of a fleet that a new process hears for the first time', () => {
  it('reach the lifecycles evenly from then on, not all at once after every silence', async () => {
    const machines = Array.from({ length: 900 }, (_, index) => `ws-${String(index).padStart(6, '0')}`);
    let now = 1_000_000_000;
    const filter = createHeartbeatFilter(usual, () => now);
    const forwarded: number[] = [];
    for (let beat = 0; beat <= (3 * longestSilenceMs(usual)) / beatMs; beat += 1) {
      const report = { seq: beat + 1, idleSeconds: 0, keptAliveBy: [] };
      const verdicts = await Promise.all(machines.map((id) => filter.pass(id, report, async () => undefined)));
      forwarded.push(verdicts.filter((verdict) => verdict === 'forward').length);
      now += beatMs;
    }

    const [first, ...later] = forwarded;
    const even = (machines.length * beatMs) / longestSilenceMs(usual);
    assert.equal(first, machines.length);
    assert.ok(Math.max(...later) < 2 * even, `${Math.max(...later)} at once, where ${even} were even`);
  });
});

describe('a single heartbeat', () => {
  const beat = { idleSeconds: 0, keptAliveBy: [] };
  const nothing = async (): Promise<void> => undefined;

  function filterAt(clock: { now: number }) {
    return createHeartbeatFilter(usual, () => clock.now);
  }

  it('is ignored when it is a replay or out of order', async () => {
    const clock = { now: minuteMs };
    const filter = filterAt(clock);
    assert.equal(await filter.pass('ws-aaaaaa', { ...beat, seq: 7 }, nothing), 'forward');
    clock.now += beatMs;
    assert.equal(await filter.pass('ws-aaaaaa', { ...beat, seq: 7 }, nothing), 'replay');
    assert.equal(await filter.pass('ws-aaaaaa', { ...beat, seq: 3 }, nothing), 'replay');
    assert.equal(await filter.pass('ws-aaaaaa', { ...beat, seq: 8 }, nothing), 'hold');
  });

  it('is believed again when a machine that rebooted counts from one', async () => {
    const clock = { now: minuteMs };
    const filter = filterAt(clock);
    await filter.pass('ws-aaaaaa', { ...beat, seq: 500 }, nothing);
    clock.now += longestSilenceMs(usual);
    assert.equal(await filter.pass('ws-aaaaaa', { ...beat, seq: 1 }, nothing), 'forward');
  });

  it('is tried again with the next one when it could not be forwarded', async () => {
    const filter = filterAt({ now: minuteMs });
    const failing = async (): Promise<void> => {
      throw new Error('away');
    };
    await assert.rejects(filter.pass('ws-aaaaaa', { ...beat, seq: 1 }, failing));
    assert.equal(await filter.pass('ws-aaaaaa', { ...beat, seq: 1 }, nothing), 'forward');
  });

  it('counts for its own workspace only', async () => {
    const filter = filterAt({ now: minuteMs });
    await filter.pass('ws-aaaaaa', { ...beat, seq: 9 }, nothing);
    assert.equal(await filter.pass('ws-bbbbbb', { ...beat, seq: 1 }, nothing), 'forward');
  });
});

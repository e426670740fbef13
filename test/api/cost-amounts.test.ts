import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { microsIn, microsOf, monthOf } from '../../api/costs/amounts.ts';
import { decimal } from '../../api/costs/money.ts';

const november = monthOf(new Date('2026-11-21T10:00:00Z'));
const now = new Date('2026-11-21T10:00:00Z');

/** A machine at 0.01 an hour. */
function machine(since: string, until: string | null, monthlyMicros: number | null = null) {
  return { since, until, hourlyMicros: 10_000, monthlyMicros };
}

describe('what a machine costs', () => {
  const cases: [string, ReturnType<typeof machine>, number][] = [
    ['nothing before it existed', machine('2026-12-01T00:00:00Z', null), 0],
    ['nothing after it was gone', machine('2026-10-01T00:00:00Z', '2026-10-31T23:59:59Z'), 0],
    ['an hour as soon as it exists', machine('2026-11-21T10:00:00Z', null), 10_000],
    ['an hour, also when the clock of its provider is ahead', machine('2026-11-21T10:00:05Z', null), 10_000],
    ['every hour that has begun', machine('2026-11-21T08:59:59Z', null), 20_000],
    ['nothing more once it is proven gone', machine('2026-11-20T08:00:00Z', '2026-11-20T10:00:00Z'), 20_000],
    ['this month’s hours only', machine('2026-10-31T22:30:00Z', '2026-11-01T01:00:00Z'), 10_000],
    ['its monthly price at most', machine('2026-11-01T00:00:00Z', null, 3_000_000), 3_000_000],
  ];
  for (const [what, bill, micros] of cases) {
    it(`is ${what}`, () => assert.equal(microsIn(november, bill, now), micros));
  }

  it('is the sum of its months', () => {
    const bill = machine('2026-09-30T23:00:00Z', '2026-11-01T00:30:00Z', 5_000_000);
    assert.equal(microsOf(bill, now), 10_000 + 5_000_000 + 10_000);
  });

  it('never goes down while time goes by, and not by more than the hours and one', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 90 });
    fc.assert(
      fc.property(minutes, minutes, (start, passed) => {
        const since = new Date(Date.UTC(2026, 0, 1) + start * 60_000);
        const bill = machine(since.toISOString(), null);
        const at = (more: number) => microsOf(bill, new Date(since.getTime() + (passed + more) * 60_000));
        assert.ok(at(1) >= at(0));
        // The hour in which a month ends is begun in both.
        assert.ok(at(0) <= (passed / 60 + 1 + 4) * 10_000);
        assert.ok(at(0) >= (passed / 60) * 10_000);
      }),
    );
  });
});

describe('amounts', () => {
  it('are exact decimals', () => {
    const texts = [0, 1, 9_600, 10_000, 100_000, 1_000_000, 12_345_678].map(decimal);
    assert.deepEqual(texts, ['0.00', '0.000001', '0.0096', '0.01', '0.10', '1.00', '12.345678']);
  });

  it('read back as they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => {
        assert.equal(Math.round(Number(decimal(micros)) * 1e6), micros);
      }),
    );
  });
});

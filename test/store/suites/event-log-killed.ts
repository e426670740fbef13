import assert from 'node:assert/strict';
import { it, describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import fc from 'fast-check';
import type { AppendPlanOrder, PlannedBatch } from '../children/append-plan.ts';
import { openAt } from '../place.ts';
import type { MakePlace, Place } from '../place.ts';

const appender = fileURLToPath(new URL('../children/append-plan.ts', import.meta.url));

/** On each dialect; `EVENT_LOG_PLANS=100` plays more. */
const numRuns = Number(process.env['EVENT_LOG_PLANS'] ?? 5);

interface Plan {
  /** Writer → its batches, in order. */
  writers: PlannedBatch[][];
  connections: number;
  /** Each kill comes so long after so many acknowledgements of that life; there is a life more than kills. */
  kills: { acknowledged: number; afterMs: number }[];
}

const batch = fc.record({ events: fc.integer({ min: 1, max: 8 }), times: fc.constantFrom(1, 1, 2, 3) });
const plans: fc.Arbitrary<Plan> = fc.record({
  writers: fc.array(fc.array(batch, { minLength: 8, maxLength: 20, size: 'max' }), {
    ...{ minLength: 2, maxLength: 5, size: 'max' },
  }),
  connections: fc.constantFrom(1, 2),
  kills: fc.array(fc.record({ acknowledged: fc.integer({ min: 1, max: 15 }), afterMs: fc.nat(4) }), {
    ...{ minLength: 1, maxLength: 2 },
  }),
});

/** What the event log promises to whoever repeats, after a kill, all that was not acknowledged. */
export function describeEventLogKilled(makePlace: MakePlace): void {
  describe('the event log whose writers are killed and repeat', () => {
    it('has every event once, in the order of its writer and without gap, whenever the kills come', async () => {
      const property = fc.asyncProperty(plans, async (plan) => {
        const place = await makePlace();
        const acknowledged = plan.writers.map(() => 0);
        for (const kill of [...plan.kills, null]) {
          await live(place, plan, acknowledged, kill);
          const stored = await storedIn(place);
          for (const [writer, batches] of plan.writers.entries()) {
            const own = stored.filter((key) => key.startsWith(`${writer}/`));
            assertWhole(own, writer, batches, acknowledged[writer]!);
          }
        }
        assert.deepEqual(
          acknowledged,
          plan.writers.map((batches) => batches.length),
        );
      });
      // A smaller plan is killed at another moment; the one that failed is printed.
      await fc.assert(property, { numRuns, endOnFailure: true });
    });
  });
}

/** One life of the process, from what is acknowledged on; counts what it acknowledges. */
async function live(place: Place, plan: Plan, acknowledged: number[], kill: Plan['kills'][number] | null) {
  const writers = plan.writers.map((batches, writer) => ({ from: acknowledged[writer]!, batches }));
  const order: AppendPlanOrder = { place, stream: 's', writers, connections: plan.connections };
  const child = execa(process.execPath, [appender, JSON.stringify(order)]);
  let heard = 0;
  try {
    for await (const line of child) {
      const [writer, batch] = line.split(' ').map(Number);
      acknowledged[writer!] = batch! + 1;
      heard += 1;
      if (heard === kill?.acknowledged) setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
    }
  } catch (error) {
    if (!(kill && error instanceof Error && 'signal' in error && error.signal === 'SIGKILL')) throw error;
  }
}

/** The keys in the stream; fails unless they are numbered 1, 2, 3 … */
async function storedIn(place: Place): Promise<string[]> {
  await using store = await openAt(place);
  const stored = await store.events.read('s', { after: 0, limit: 100_000 });
  assert.deepEqual(
    stored.map(({ seq }) => seq),
    stored.map((_, index) => index + 1),
  );
  return stored.map(({ data }) => data as string);
}

/** All that is acknowledged and perhaps the batch after it, that and no part of it. */
function assertWhole(own: string[], writer: number, batches: PlannedBatch[], acknowledged: number): void {
  const keysOf = (count: number) =>
    batches.slice(0, count).flatMap(({ events }, batch) => {
      return Array.from({ length: events }, (_, part) => `${writer}/${batch}/${part}`);
    });
  const withNext = keysOf(acknowledged + 1);
  assert.deepEqual(own, own.length === withNext.length ? withNext : keysOf(acknowledged));
}

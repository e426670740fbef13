/** Events of a run on their way to the disk and to whoever follows, beside a loop that does no more than that. */
import type { Benchmark } from '../benchmark.ts';
import { ratios, spread } from '../report/statistics.ts';
import { table } from '../report/table.ts';
import { openBareStream } from './bare-stream.ts';
import { openPawlStream } from './pawl-stream.ts';
import { batchEvents, type StreamLevel } from './stream.ts';

/** So many events before so many subscribers that each measurement takes seconds. */
const amounts = {
  whole: {
    rounds: 5,
    cases: [
      { subscribers: 0, events: 30_000 },
      { subscribers: 1, events: 30_000 },
      { subscribers: 100, events: 3000 },
    ],
  },
  quick: {
    rounds: 1,
    cases: [
      { subscribers: 0, events: 2000 },
      { subscribers: 1, events: 2000 },
      { subscribers: 100, events: 300 },
    ],
  },
};

export const events: Benchmark = {
  name: 'events',
  async run(effort, report) {
    const { rounds, cases } = amounts[effort];
    await using bareStream = await openBareStream();
    await using pawlStream = await openPawlStream();
    const results = cases.map((one) => ({ ...one, bare: [] as number[], pawl: [] as number[] }));
    for (let round = 1; round <= rounds; round++) {
      for (const { bare, pawl, ...order } of results) {
        const turns = [
          async () => bare.push(await eventsPerSecond(bareStream, order)),
          async () => pawl.push(await eventsPerSecond(pawlStream, order)),
        ];
        for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
        const name = nameOf(order.subscribers);
        report(`round ${round} of ${rounds}: ${name}: ${bare.at(-1)} bare, ${pawl.at(-1)} Pawl`);
      }
    }
    const rows = results.map(({ subscribers, events, bare, pawl }) => [
      ...[nameOf(subscribers), String(events)],
      ...[spread(bare, 0), spread(pawl, 0), spread(ratios(pawl, bare), 2)],
    ]);
    return `${table(['', 'events', 'bare, events/s', 'Pawl, events/s', 'Pawl / bare'], rows)}

Batches of ${batchEvents} events, ${rounds} rounds.`;
  },
};

async function eventsPerSecond(level: StreamLevel, order: { events: number; subscribers: number }): Promise<number> {
  return (order.events / (await level.tell(order))) * 1000;
}

function nameOf(subscribers: number): string {
  if (subscribers === 0) return 'to the disk alone';
  return subscribers === 1 ? 'and to 1 subscriber' : `and to each of ${subscribers} subscribers`;
}

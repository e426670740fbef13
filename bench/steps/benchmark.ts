/** What Pawl's way of writing workflows costs, against bare ones on the same server in the same run. */
import type { Benchmark } from '../benchmark.ts';
import { ratios, spread } from '../report/statistics.ts';
import { table } from '../report/table.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { quietTemporal } from '../support/quiet-temporal.ts';
import { usageOf } from '../support/usage.ts';
import { openBareLevel } from './bare-level.ts';
import { measureFloor } from './floor.ts';
import type { Level } from './level.ts';
import { latencyMs, ratePerSecond } from './measure.ts';
import { openPawlLevel } from './pawl-level.ts';

const amounts = {
  whole: { rounds: 3, samples: 15, times: 100, floorSteps: 2000 },
  quick: { rounds: 2, samples: 5, times: 40, floorSteps: 200 },
};

/** The product's default. */
const maxCachedWorkflows = 1000;

interface Measurement {
  name: string;
  digits: number;
  measure: (level: Level) => Promise<number>;
}

export const steps: Benchmark = {
  name: 'steps',
  async run(effort, report) {
    quietTemporal();
    const { rounds, floorSteps, ...amount } = amounts[effort];
    await using engine = await startEngine();
    await using bare = await openBareLevel(engine.address, maxCachedWorkflows);
    await using pawl = await openPawlLevel(engine.address, maxCachedWorkflows);
    for (const level of [bare, pawl]) await Promise.all([level.runChain(3), level.runLife()]);

    const floor: number[] = [];
    const results = measurements(amount, engine).map((one) => ({ ...one, bare: [] as number[], pawl: [] as number[] }));
    for (let round = 1; round <= rounds; round++) {
      floor.push(await measureFloor(floorSteps));
      for (const { name, measure, ...figures } of results) {
        const turns = [
          async () => figures.bare.push(await measure(bare)),
          async () => figures.pawl.push(await measure(pawl)),
        ];
        // Who goes first may meet a quieter machine, so they take turns in that, too.
        for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
        report(`round ${round} of ${rounds}: ${name}: ${figures.bare.at(-1)} bare, ${figures.pawl.at(-1)} Pawl`);
      }
    }
    const rows = results.map(({ name, digits, bare, pawl }) => [
      name,
      spread(bare, digits),
      spread(pawl, digits),
      spread(ratios(pawl, bare), 2),
    ]);
    return `${table(['', 'L1, bare', 'L2, Pawl', 'L2 / L1'], rows)}

L0, a loop that writes 200 bytes and waits for the disk: ${spread(floor, 0)} steps a second. ${rounds} rounds.`;
  },
};

function measurements({ samples, times }: { samples: number; times: number }, { pid }: Engine): Measurement[] {
  const chainLatency = (count: number): Measurement => ({
    name: `${count} ${count === 1 ? 'step' : 'steps'}, ms`,
    digits: 0,
    measure: (level) => latencyMs(() => level.runChain(count), samples),
  });
  const chainRate = (atOnce: number): Measurement => ({
    name: `${atOnce} workflows of 5 steps at once, steps/s`,
    digits: 0,
    measure: async (level) => 5 * (await ratePerSecond(() => level.runChain(5), { atOnce, times })),
  });
  const chainCost = (name: string, cpuSeconds: () => number): Measurement => ({
    name: `processor time of the ${name} for a step, ms`,
    digits: 2,
    async measure(level) {
      const before = cpuSeconds();
      await ratePerSecond(() => level.runChain(5), { atOnce: 10, times });
      return ((cpuSeconds() - before) * 1000) / (5 * times);
    },
  });
  return [
    chainLatency(1),
    chainLatency(10),
    chainRate(10),
    chainRate(50),
    chainCost('server', () => usageOf(pid).cpuSeconds),
    chainCost('worker and its client', () => usageOf(process.pid).cpuSeconds),
    {
      name: "a workspace's whole life, ms",
      digits: 0,
      measure: (level) => latencyMs(() => level.runLife(), samples),
    },
    {
      name: '10 lives at once, lives/s',
      digits: 1,
      measure: (level) => ratePerSecond(() => level.runLife(), { atOnce: 10, times: times / 2 }),
    },
  ];
}

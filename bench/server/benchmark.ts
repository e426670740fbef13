/** Why the embedded Temporal server is started the way it is: bare workflows on ever better settings. */
import type { Benchmark } from '../benchmark.ts';
import { spread } from '../report/statistics.ts';
import { table } from '../report/table.ts';
import { openBareLevel } from '../steps/bare-level.ts';
import { latencyMs, ratePerSecond } from '../steps/measure.ts';
import { startEngine } from '../support/engine.ts';
import { quietTemporal } from '../support/quiet-temporal.ts';
import { variants, type Variant } from './variants.ts';

const amounts = { whole: { rounds: 2, samples: 8, times: 80 }, quick: { rounds: 1, samples: 3, times: 20 } };

interface Figures {
  oneStepMs: number[];
  tenStepsMs: number[];
  tenAtOnce: number[];
  fiftyAtOnce: number[];
}

export const server: Benchmark = {
  name: 'server',
  async run(effort, report) {
    quietTemporal();
    const { rounds, ...amount } = amounts[effort];
    const results = variants.map((variant) => ({ variant, figures: noFigures() }));
    for (let round = 1; round <= rounds; round++) {
      for (const { variant, figures } of results) {
        report(`round ${round} of ${rounds}: ${variant.name}`);
        await measure(variant, figures, amount);
      }
    }
    const rows = results.map(({ variant, figures }) => [
      variant.name,
      ...Object.values(figures).map((values: number[]) => spread(values, 0)),
    ]);
    const head = ['server', '1 step, ms', '10 steps, ms', '10 at once, steps/s', '50 at once, steps/s'];
    return `${table(head, rows)}\n\n${rounds} rounds, each on a new database.`;
  },
};

function noFigures(): Figures {
  return { oneStepMs: [], tenStepsMs: [], tenAtOnce: [], fiftyAtOnce: [] };
}

async function measure({ tune }: Variant, figures: Figures, { samples, times }: { samples: number; times: number }) {
  await using engine = await startEngine(tune);
  await using level = await openBareLevel(engine.address, 1000);
  await level.runChain(3);
  figures.oneStepMs.push(await latencyMs(() => level.runChain(1), samples));
  figures.tenStepsMs.push(await latencyMs(() => level.runChain(10), samples));
  for (const [atOnce, rates] of [
    [10, figures.tenAtOnce],
    [50, figures.fiftyAtOnce],
  ] as const) {
    rates.push(5 * (await ratePerSecond(() => level.runChain(5), { atOnce, times })));
  }
}

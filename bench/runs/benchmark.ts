/** A run of an agent, beside the same agent in the same container without Pawl, before the same scripted model. */
import type { Report } from '../../engine/progress.ts';
import type { Benchmark } from '../benchmark.ts';
import { timeBareRun } from './bare-run.ts';
import { openRunsHouse, type RunsHouse } from './house.ts';
import { timePawlRun } from './pawl-run.ts';
import { phasesOf } from './phases.ts';
import { answersAtOnce, answersIn, scripts } from './scripts.ts';
import { phaseTable, timesTable, type Figures, type Measured } from './tables.ts';
import type { AgentWork } from './work.ts';

const amounts = {
  // A second is what a fast model needs for a short answer.
  whole: { short: 5, long: 2, toolCalls: 100, callMs: [300, 1000] },
  quick: { short: 1, long: 1, toolCalls: 10, callMs: [100] },
};
type Amounts = (typeof amounts)['whole'];

interface Case extends Omit<Measured, 'figures'> {
  rounds: number;
  work: AgentWork;
}

export const runs: Benchmark = {
  name: 'runs',
  async run(effort, report) {
    const amount = amounts[effort];
    await using house = await openRunsHouse(scripts(amount));
    const [first, ...others] = casesFor(house, amount);
    // Not counted: the first ones warm the disk's cache, and what Node compiles as it goes, for all that follow.
    for (let round = 1; round <= amount.short; round++) await takeRound(house, first.work, newFigures(), round);

    const measured: Measured[] = [];
    for (const one of [first, ...others]) {
      measured.push({ ...one, figures: await measure(house, one, report) });
    }
    return `${timesTable(measured)}

Where the time to the first message goes, in the runs of the first row:

${phaseTable(measured[0]?.figures ?? newFigures())}

${amount.short} rounds, and ${amount.long} of those with tools.`;
  },
};

function casesFor({ modelUrl, repoUrl }: RunsHouse, { short, long, toolCalls, callMs }: Amounts): [Case, ...Case[]] {
  const word = { modelUrl, repoUrl: null, toolCalls: 0, prompt: 'SCRIPT:text' };
  const working = { ...word, toolCalls };
  const both = { rounds: short, looksAt: ['firstMessageMs', 'totalMs'] as const };
  const whole = { rounds: long, looksAt: ['totalMs'] as const };
  return [
    { ...both, name: 'says a word', work: word },
    { ...both, name: 'the same in a repository', work: { ...word, repoUrl } },
    { ...whole, name: `uses ${toolCalls} tools`, work: { ...working, prompt: `SCRIPT:${answersAtOnce}` } },
    ...callMs.map((ms) => ({
      ...{ ...whole, name: `the same, and the model needs ${ms} ms for an answer` },
      work: { ...working, prompt: `SCRIPT:${answersIn(ms)}` },
    })),
  ];
}

async function measure(house: RunsHouse, { name, rounds, work }: Case, report: Report): Promise<Figures> {
  const figures = newFigures();
  for (let round = 1; round <= rounds; round++) {
    await takeRound(house, work, figures, round);
    const [bare, pawl] = [figures.bare, figures.pawl].map((times) => JSON.stringify(times.at(-1)));
    report(`round ${round} of ${rounds}: ${name}: ${bare} bare, ${pawl} Pawl`);
  }
  return figures;
}

/** One of each; they take turns in going first. */
async function takeRound({ installation, containers }: RunsHouse, work: AgentWork, figures: Figures, round: number) {
  const turns = [
    async () => figures.bare.push(await timeBareRun(containers, work)),
    async () => {
      const run = await timePawlRun(installation, work);
      figures.pawl.push({ firstMessageMs: run.firstMessageMs, totalMs: run.totalMs });
      figures.phases.push(phasesOf(run));
    },
  ];
  for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
}

function newFigures(): Figures {
  return { bare: [], pawl: [], phases: [] };
}

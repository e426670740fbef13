/** kill -9 at every step of a run: it ends once, its story is whole, its work is published once, and nothing is left. */
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { runLabel } from '../../local-cloud/labels.ts';
import { runStream } from '../../workflows/contract/run.ts';
import { docker } from '../support/docker.ts';
import { askForRun, type AskedRun } from './client-runs.ts';
import { reportConvergence, secondsBetween, type Measurement } from './convergence.ts';
import { hasArrived, release } from './gates.ts';
import { isWhole, pick } from './matrix.ts';
import { assertNoWorkFolders, assertWhole, untilOver } from './run-invariants.ts';
import {
  containerPoints,
  heldPoints,
  processOf,
  runVictims,
  spokenPoints,
  type RunVictim,
  type SpokenPoint,
} from './run-matrix.ts';
import { openRunStack, type RunStack } from './run-stack.ts';

/** So many runs stand at points of their own when a process dies. */
const heldAtOnce = 9;

/** Held runs say little; the others enough to be in the middle of it. */
const [fewMessages, manyMessages] = [10, 200];

/** Many times what a run takes to come to any point, or to its end. */
const deadlineMs = 180_000;

const measured: Measurement[] = [];

const processCases = isWhole
  ? runVictims.flatMap((victim) => groupsOf(heldPoints).map((points) => ({ victim, points })))
  : [
      { victim: 'worker' as const, points: pick(heldPoints, heldAtOnce, (point) => `runs worker ${point}`) },
      ...pick(['API', 'gateway', 'Temporal'] as const, 1, (victim) => `runs ${victim}`).map((victim) => ({
        victim,
        points: pick(heldPoints, 4, (point) => `runs ${victim} ${point}`),
      })),
    ];
const containerCases = (isWhole ? containerPoints : []).map((point) => ({
  victim: 'container' as const,
  points: [point],
}));
const allSpoken = spokenPoints.flatMap((point) =>
  [...runVictims, 'container' as const].map((victim) => ({ ...point, victim })),
);
const spokenCases = pick(allSpoken, 2, ({ point, victim }) => `runs ${point} ${victim}`);

describe('a run when something of it dies', () => {
  let stack: RunStack;
  before(async () => void (stack = await openRunStack(heldAtOnce)));
  after(async () => {
    await stack[Symbol.asyncDispose]();
    reportConvergence(measured);
  });

  for (const { victim, points } of [...processCases, ...containerCases]) {
    it(`ends once and whole: ${victim} killed while ${points.length} runs are held`, async (test) => {
      const held = await Promise.all(
        points.map(async (point) => ({ point, run: await askForRun(stack, { point, messages: fewMessages }) })),
      );
      const haveArrived = () => held.every(({ point, run }) => hasArrived(stack.gates, run.id, point));
      await until('every run is held at its point', haveArrived, { pollMs: 10, deadlineMs });
      const killedAtMs = performance.now();
      for (const { run } of held.slice(0, victim === 'container' ? undefined : 1)) await kill(victim, run);
      for (const { run } of held) release(stack.gates, run.id);
      await followToTheEnd(test, victim, held, killedAtMs);
    });
  }

  for (const { victim, ...spoken } of spokenCases) {
    it(`ends once and whole: ${victim} killed ${spoken.point}`, async (test) => {
      const run = await askForRun(stack, { point: '', messages: manyMessages });
      await untilSpoken(run, spoken);
      const killedAtMs = performance.now();
      await kill(victim, run);
      await followToTheEnd(test, victim, [{ point: spoken.point, run }], killedAtMs);
    });
  }

  async function kill(victim: RunVictim, run: AskedRun): Promise<void> {
    if (victim !== 'container') return await stack.kill(processOf[victim]);
    const id = await docker('ps', '--quiet', '--filter', `label=${runLabel}=${run.id}`);
    await docker('kill', '--signal', 'KILL', id);
  }

  async function followToTheEnd(
    test: { test: (name: string, body: () => Promise<void>) => Promise<void> },
    victim: RunVictim,
    killed: readonly { point: string; run: AskedRun }[],
    killedAtMs: number,
  ): Promise<void> {
    const over = killed.map(async ({ run }) => {
      await untilOver(stack, run, deadlineMs);
      return secondsBetween(killedAtMs, performance.now());
    });
    // Looked at one after the other: who comes last must not count as unhandled meanwhile.
    over.forEach((one) => void one.catch(() => undefined));
    for (const [index, { point, run }] of killed.entries()) {
      await test.test(`${victim} killed ${point}`, async () => {
        const seconds = await over[index]!;
        measured.push({ phase: 'runs', point, victim, seconds });
        await assertWhole(stack, run, victim === 'container' ? 2 : 1);
      });
    }
    await test.test('no folder is left', () => assertNoWorkFolders(stack));
  }

  async function untilSpoken({ id }: AskedRun, { point, type, count }: SpokenPoint): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      const events = await stack.store.events.read(runStream(id), { after: 0, limit: 1000 });
      return events.filter((event) => event.type === type).length >= count;
    };
    await until(`${id} is ${point}`, isThere, { pollMs: 20, deadlineMs });
  }
});

function groupsOf(points: readonly string[]): string[][] {
  const count = Math.ceil(points.length / heldAtOnce);
  // Neighbours in different groups, so that each group is spread over the whole run.
  return Array.from({ length: count }, (_, group) => points.filter((_point, index) => index % count === group));
}

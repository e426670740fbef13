/** kill -9 while the API is in the middle of a request: what was asked for happens once, whoever dies and whoever asks again. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { createWorkspace, extendWorkspace, insist, stopWorkspace, untilStatus } from '../support/client.ts';
import { reportConvergence, secondsBetween, type Measurement } from './convergence.ts';
import { hasArrived, hold, release } from './gates.ts';
import { assertGone, assertRunning } from './invariants.ts';
import { isWhole, pick, requestPoints, victims } from './matrix.ts';
import { openStack, type Stack } from './stack.ts';

/** The API's name at the gates. */
const api = 'api';

const measured: Measurement[] = [];
/** The worker has no part in a request, so its death is no case here. */
const matrix = requestPoints.flatMap((point) => ['API', 'Temporal', 'all three'].map((victim) => ({ point, victim })));
const chosen = pick(matrix, 5, ({ point, victim }) => `request ${point} ${victim}`);
const groups = isWhole ? requestPoints.map((point) => chosen.filter((one) => one.point === point)) : [chosen];

describe('a workspace whose API is in the middle of a request when a process dies', () => {
  for (const cases of groups) {
    describe(`${cases.length} times in one installation`, () => {
      const made: string[] = [];
      let stack: Stack;
      before(async () => void (stack = await openStack('api')));
      after(() => stack[Symbol.asyncDispose]());

      for (const { point, victim } of cases) {
        it(`is made once, runs, and goes without a rest: ${victim} killed ${point}`, async () => {
          hold(stack.gates, api, point);
          const [killedAtMs, { id, milestones }] = await Promise.all([
            killAtGate(stack, point, victim),
            liveAndGo(stack),
          ]);
          made.push(id);
          assert.deepEqual((await idsOfAll(stack)).sort(), made.sort(), 'one workspace for each request');
          const convergedAtMs = milestones.find((atMs) => atMs > killedAtMs) ?? Number.NaN;
          measured.push({ phase: 'requests', point, victim, seconds: secondsBetween(killedAtMs, convergedAtMs) });
        });
      }
    });
  }
  after(() => reportConvergence(measured));
});

/** Kills once the API stands at the point; resolves with the moment of the kill. */
async function killAtGate(stack: Stack, point: string, victim: string): Promise<number> {
  try {
    await until(`the API stands ${point}`, () => hasArrived(stack.gates, api, point), { pollMs: 10 });
    stack.kill(victims[victim] ?? []);
    return performance.now();
  } finally {
    release(stack.gates, api);
  }
}

/** A whole life, looked at when it runs and when it is over; with the moments when each request had its effect. */
async function liveAndGo(stack: Stack): Promise<{ id: string; milestones: number[] }> {
  const workspace = await createWorkspace(stack);
  await untilStatus(stack, workspace, 'running');
  const runningAtMs = performance.now();
  await assertRunning(stack, workspace);
  await extendWorkspace(stack, workspace);
  const extendedAtMs = performance.now();
  await stopWorkspace(stack, workspace);
  await untilStatus(stack, workspace, 'stopped');
  const stoppedAtMs = performance.now();
  await assertGone(stack, workspace, ['workspace.extended']);
  return { id: workspace.id, milestones: [runningAtMs, extendedAtMs, stoppedAtMs] };
}

async function idsOfAll(stack: Stack): Promise<string[]> {
  const { body } = await insist(stack, 'GET', '/vms?limit=200');
  return (body['workspaces'] as { id: string }[]).map(({ id }) => id);
}

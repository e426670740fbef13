/** kill -9 at every step of a workspace's removal: nothing is left in the end, and its story is whole. */
import { after, before, describe, it } from 'node:test';
import { reportConvergence, type Measurement } from './convergence.ts';
import { killWhileRemoving } from './held-workspaces.ts';
import { assertGone } from './invariants.ts';
import { isWhole, pick, removalPoints, victims } from './matrix.ts';
import { openStack, type Stack } from './stack.ts';

const measured: Measurement[] = [];
const groups = isWhole ? removalPoints.map((point) => [point]) : [removalPoints];
const chosen = pick(Object.keys(victims), 1, (victim) => `removal ${victim}`);

describe('a workspace that is being removed when a process dies', () => {
  for (const points of groups) {
    describe(points.length > 1 ? `at ${points.length} points at once` : `at one point alone`, () => {
      let stack: Stack;
      before(async () => void (stack = await openStack('worker')));
      after(() => stack[Symbol.asyncDispose]());

      for (const victim of chosen) {
        it(`leaves nothing but its whole story: ${victim}`, async (test) => {
          for (const workspace of await killWhileRemoving(stack, points, victim)) {
            await test.test(`${victim} killed ${workspace.point}`, async () => {
              const seconds = await workspace.converged;
              measured.push({ phase: 'removal', point: workspace.point, victim, seconds });
              await assertGone(stack, workspace);
            });
          }
        });
      }
    });
  }
  after(() => reportConvergence(measured));
});

/** kill -9 at every step of a workspace's way to a terminal that answers: there is one machine in the end, and it runs. */
import { after, before, describe, it } from 'node:test';
import { stopWorkspace, untilStatus } from '../support/client.ts';
import { reportConvergence, type Measurement } from './convergence.ts';
import { killWhileProvisioning } from './held-workspaces.ts';
import { assertGone, assertRunning } from './invariants.ts';
import { isWhole, pick, provisioningPoints, victims } from './matrix.ts';
import { openStack, type Stack } from './stack.ts';

const measured: Measurement[] = [];
const groups = isWhole ? provisioningPoints.map((point) => [point]) : [provisioningPoints];
const others = pick(['API', 'Temporal', 'all three'], 1, (victim) => `provisioning ${victim}`);

describe('a workspace that is being made when a process dies', () => {
  for (const points of groups) {
    describe(points.length > 1 ? `at ${points.length} points at once` : `at one point alone`, () => {
      let stack: Stack;
      before(async () => void (stack = await openStack('worker')));
      after(() => stack[Symbol.asyncDispose]());

      for (const victim of Object.keys(victims).filter((name) => name === 'worker' || others.includes(name))) {
        it(`runs in the end, with one machine and a whole story: ${victim}`, async (test) => {
          for (const workspace of await killWhileProvisioning(stack, points, victim)) {
            await test.test(`${victim} killed ${workspace.point}`, async () => {
              const seconds = await workspace.converged;
              measured.push({ phase: 'provisioning', point: workspace.point, victim, seconds });
              await assertRunning(stack, workspace);
              await stopWorkspace(stack, workspace);
              await untilStatus(stack, workspace, 'stopped');
              await assertGone(stack, workspace);
            });
          }
        });
      }
    });
  }
  after(() => reportConvergence(measured));
});

/** kill -9 in the life of a real machine: whatever dies, wherever, there is one machine, it is usable, and nothing stays. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { createWorkspace, eventsOf, insist, stopWorkspace, untilStatus, type Workspace } from '../support/client.ts';
import { docker } from '../support/docker.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openInstallation, type Installation, type InstallationProcess } from '../support/installation.ts';
import { logIn, outputOf, type Account } from '../support/terminal.ts';
import { reportConvergence, secondsBetween, type Measurement } from './convergence.ts';
import { follow } from './follower.ts';
import { assertOneStory } from './invariants.ts';
import { isWhole } from './matrix.ts';

const victims: InstallationProcess[] = ['worker', 'temporal', 'api', 'supervisor', 'machines-router'];

interface Point {
  point: string;
  /** Resolves when the life has come there. */
  reached: (installation: Installation, workspace: Workspace) => Promise<void>;
}

const points: Point[] = [
  { point: 'the container is created', reached: untilContainer },
  { point: 'the repository is cloned', reached: untilStep('clone', 'started') },
  { point: 'the devcontainer starts', reached: untilStep('devcontainer', 'started') },
  { point: 'it is about to be ready', reached: untilStep('proxy', 'done') },
  { point: 'it runs', reached: (installation, workspace) => untilStatus(installation, workspace, 'running') },
  { point: 'it is being removed', reached: stopWorkspace },
];

/** Each life takes a kill at every point; from life to life the victims move on, so that each of them dies everywhere. */
const lives = isWhole ? victims.map((_, shift) => casesOf(shift)) : [[1, 3, 5].map((index) => casesOf(0)[index]!)];

function casesOf(shift: number): (Point & { victim: InstallationProcess })[] {
  return points.map((point, index) => ({ ...point, victim: victims[(index + shift) % victims.length]! }));
}

/** Many times what a life takes. */
const lifeMs = 300_000;

const measured: Measurement[] = [];

describe('a workspace on Docker, while its control plane is killed at six points of its life', () => {
  let git: GitServer;
  let installation: Installation;
  before(async () => {
    git = await startGitServer();
    await git.addRepository('hello.git', { 'README.md': '# hello\n' });
    installation = await openInstallation(`host.docker.internal:${git.port}`);
  });
  after(async () => {
    await installation[Symbol.asyncDispose]();
    await git.close();
    reportConvergence(measured);
  });

  for (const [index, cases] of lives.entries()) {
    it(`is one usable machine, and then nothing (life ${index + 1})`, async (test) => {
      const repoUrl = `http://host.docker.internal:${git.port}/hello.git`;
      const workspace = await createWorkspace(installation, { repoUrl, size: 'small' });
      const followed = follow(installation.url, workspace.id, AbortSignal.timeout(lifeMs));
      // Waited for at the end of the life, if that comes.
      followed.catch(() => undefined);
      for (const { point, reached, victim } of cases) {
        if (reached === stopWorkspace) await test.test('usable', () => assertUsable(workspace));
        await test.test(`${victim} killed when ${point}`, async () => {
          await reached(installation, workspace);
          measured.push({ phase: 'Docker', point, victim, seconds: await killAndRecover(victim, workspace) });
        });
      }
      await test.test('gone', () => assertGone(workspace));
      await test.test('followed without a gap', async () => {
        const told = await eventsOf(installation, workspace);
        assert.deepEqual(
          await followed,
          told.map(({ seq }) => seq),
        );
      });
    });
  }

  /** Seconds until every process is back, every part ready, and the workspace's lifecycle answers again. */
  async function killAndRecover(victim: InstallationProcess, workspace: Workspace): Promise<number> {
    const killedAtMs = performance.now();
    await installation.kill(victim);
    await installation.untilWhole();
    const { status } = await insist(installation, 'GET', `/vms/${workspace.id}`);
    assert.equal(status, 200);
    return secondsBetween(killedAtMs, performance.now());
  }

  async function assertUsable(workspace: Workspace): Promise<void> {
    await untilStatus(installation, workspace, 'running');
    const { hostname, credentials } = workspace.answer.body as { hostname: string; credentials: Account };
    const to = { hostname, routerPort: installation.machinesPort };
    const session = await logIn(to, credentials);
    assert.match(await outputOf(to, session, 'cat README.md; echo said-$((6*7))', /said-42/), /# hello/);
    await assertOneStory(installation, workspace, 'running');
    assert.equal(await installation.countMachines(workspace.id), 1, 'containers that ever ran');
  }

  async function assertGone(workspace: Workspace): Promise<void> {
    await untilStatus(installation, workspace, 'stopped');
    assert.deepEqual(await installation.thingsOf(workspace.id), []);
    assert.equal(await installation.countMachines(workspace.id), 1, 'containers that ever ran');
    await assertOneStory(installation, workspace, 'stopped');
  }
});

async function untilContainer(_installation: Installation, { id }: Workspace): Promise<void> {
  const filter = `label=io.pawl.workspace=${id}`;
  const isThere = async (): Promise<boolean> => (await docker('ps', '--all', '--quiet', '--filter', filter)) !== '';
  await until(`the container of ${id} is created`, isThere, { pollMs: 20 });
}

function untilStep(step: string, status: string): Point['reached'] {
  return async (installation, workspace) => {
    const isThere = async (): Promise<boolean> => {
      const events = await eventsOf(installation, workspace);
      return events.some(({ data }) => {
        const told = data as { step?: string; status?: string } | null;
        return told?.step === step && told.status === status;
      });
    };
    await until(`${step} ${status}`, isThere, { pollMs: 50 });
  };
}

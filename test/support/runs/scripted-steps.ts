/** The steps of runs that need no runner, on the same world as the runner's. */
import type { createPublishActivities } from '../../../activities/publish.ts';
import type { createPullRequestActivities } from '../../../activities/pull-request.ts';
import type { createRepositoryActivities } from '../../../activities/repository.ts';
import type { EventLog } from '../../../store/store.ts';
import type { RunUpkeepSteps } from '../../../workflows/contract/run-steps.ts';
import { runStream } from '../../../workflows/contract/run.ts';
import type { RunWorld } from './run-world.ts';
import { step } from './scripted-runner.ts';

type RepositorySteps = ReturnType<typeof createRepositoryActivities> &
  ReturnType<typeof createPublishActivities> &
  ReturnType<typeof createPullRequestActivities>;

/** `runEnded` resolves when the run has ended. */
export function createScriptedSteps(
  world: RunWorld,
  events: EventLog,
  runEnded: (runId: string) => Promise<void>,
): RunUpkeepSteps & RepositorySteps {
  const { branches, pulls, sessions, jobs, doors } = world;
  return {
    checkCredentials: async () => await world.script.before?.('checkCredentials', ''),
    writeJob: step(world, 'writeJob', (order) => void jobs.set(order.runId, order)),
    saveSession: step(world, 'saveSession', (order) => void sessions.set(order.sessionId, order)),
    readCheckpoint: async ({ sessionId }) => {
      await world.script.before?.('readCheckpoint', sessionId);
      return sessions.get(sessionId)?.checkpoint ?? null;
    },
    forgetRun: step(world, 'forgetRun', ({ runId }) => void doors.delete(runId)),
    waitForRun: async ({ runId }) => await runEnded(runId),
    prepareRepository: async ({ branch: asked, fallback = null, archive }) =>
      await step(world, 'prepareRepository', () => {
        const branch = [asked, fallback].find((name) => name !== null && branches.has(name)) ?? 'main';
        const baseCommit = branches.get(branch)?.at(-1) ?? '';
        return {
          branchAsked: asked,
          branch,
          fellBack: asked !== null && asked !== branch,
          baseCommit,
          archiveBytes: 1,
        };
      })({ runId: runOf(archive) }),
    keepDiff: async ({ diff }) => await step(world, 'keepDiff', () => ({ truncated: false }))({ runId: runOf(diff) }),
    publishBranch: async ({ runId: publisher, bundle, branch, expectedHead, baseCommit }) => {
      const runId = runOf(bundle);
      const published = await step(world, 'publishBranch', () => {
        const commit = `commit-of-${runId}`;
        const commits = branches.get(branch) ?? [];
        if (!commits.includes(commit)) branches.set(branch, [...(expectedHead ? commits : [baseCommit]), commit]);
        return { outcome: 'published' as const, branch, commit, message: 'feat: work', files: 1 };
      })({ runId });
      const { commit, message } = published;
      const data = { branch, commit, message, isNew: expectedHead === null };
      const committed = { key: `publish.committed:${commit}`, type: 'publish.committed', data };
      await events.append(runStream(publisher), [committed]);
      return published;
    },
    openPullRequest: step(world, 'openPullRequest', ({ runId, branch, base }) => {
      const pull = pulls.get(branch) ?? { number: pulls.size + 1, base, openedBy: runId };
      pulls.set(branch, pull);
      const url = `https://git.example/pull/${pull.number}`;
      return { number: pull.number, url, isNew: pull.openedBy === runId };
    }),
  };
}

function runOf(key: string): string {
  return key.split('/')[1] ?? '';
}

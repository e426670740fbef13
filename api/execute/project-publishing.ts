/** What is told of what becomes of the work: a commit, and a branch for it. */
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import type { ExecuteEventBody } from './execute-event.ts';

type Progress = Omit<Extract<ExecuteEventBody, { type: 'commit_progress' }>, 'type'>;

export const publishProjections = {
  'publish.started': ({ branch }: RunEvents['publish.started']) =>
    progress({ stage: 'analyzing', message: 'Looking at what changed', branch }),
  'publish.nothing': () => progress({ stage: 'completed', message: 'Nothing has changed' }),
  'publish.committed': ({ branch, commit, message, isNew = false }: RunEvents['publish.committed']) =>
    progress(
      ...(isNew ? [{ stage: 'creating_branch', message: `Creating ${branch}`, branch } as const] : []),
      { stage: 'generating_message', message: 'Choosing a message', branch },
      { stage: 'committing', message: 'Committing', branch, commitMessage: message },
      { stage: 'committed', message: 'Committed', branch, commitMessage: message, commitHash: commit },
      { stage: 'pushing', message: `Pushing to ${branch}`, branch },
    ),
  'publish.pushed': ({ branch, commit }: RunEvents['publish.pushed']) =>
    progress(
      { stage: 'pushed', message: `Pushed to ${branch}`, branch, commitHash: commit },
      { stage: 'completed', message: 'The work is published', branch, commitHash: commit },
    ),
  'publish.failed': ({ branch, reason }: RunEvents['publish.failed']) =>
    progress({ stage: 'push_failed', message: 'The work is kept, but not published', branch, error: reason }),
};

function progress(...stages: Progress[]): ExecuteEventBody[] {
  return stages.map((stage) => ({ type: 'commit_progress', ...stage }));
}

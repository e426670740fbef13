/** What is told of a run's repository: its clone, and the branch for the work. */
import { checkoutPath } from '../../workflows/contract/checkout.ts';
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import type { ExecuteEventBody } from './execute-event.ts';
import type { RunFacts } from './project-events.ts';
import { sessionPath } from './repository-path.ts';

const maxNameLength = 60;

export const repositoryProjections = {
  'repository.cloning': ({ repoUrl }: RunEvents['repository.cloning']): ExecuteEventBody[] => [
    { type: 'message', message: `Pulling ${repoUrl}` },
    { type: 'github_pull_progress', data: { type: 'message', message: `Cloning ${repoUrl}` } },
  ],
  'repository.cloned': ({
    branch,
    asked,
    fellBack,
    directory = '',
  }: RunEvents['repository.cloned']): ExecuteEventBody[] => [
    ...(fellBack ? fallBack(asked, branch) : []),
    {
      type: 'github_pull_progress',
      data: { type: 'completed', message: `Cloned, on branch ${branch}`, targetPath: checkoutPath(directory) },
    },
  ],
  'branch.named': ({ branch, from }: RunEvents['branch.named'], { repoUrl }: RunFacts): ExecuteEventBody[] => [
    { type: 'message', message: `Working on branch ${branch}` },
    { type: 'session_name', sessionName: nameOf(branch), branchName: branch },
    {
      type: 'branch_created',
      branchName: branch,
      parentBranch: from,
      baseBranch: from,
      sessionPath: sessionPath(repoUrl ?? '', branch),
      message: `Created branch ${branch} from ${from}`,
    },
  ],
};

function fallBack(asked: string | null, branch: string): ExecuteEventBody[] {
  return [{ type: 'message', message: `There is no branch ${asked}: falling back to ${branch}` }];
}

/** The words of a branch like `claude/fix-the-build-k3x9a1b2`, or of one beside it. */
function nameOf(branch: string): string {
  const words = branch.replace(/^claude\//, '').replace(/-[a-z0-9]{8}(-\d+)*$/, '');
  return words.replaceAll('-', ' ').slice(0, maxNameLength);
}

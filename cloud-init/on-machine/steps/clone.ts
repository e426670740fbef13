/** Step `clone`: the repository, into the workspace folder, as the workspace's user. */
import { workspaceFolder, workspaceUser } from '../machine.ts';
import type { MachineSettings } from '../machine.ts';
import { run } from '../run.ts';

/**
 * Clones the whole history (not every server can shorten it). Fails with git's own words. Nobody is there to answer a
 * question, so git and ssh ask none; helpers such as `ext::` run commands and are not allowed.
 */
export async function cloneRepository({ repoUrl, branch }: MachineSettings): Promise<void> {
  await run('install', ['-d', '-o', workspaceUser, '-g', workspaceUser, workspaceFolder]);
  await run('git', cloneArguments(repoUrl, branch, workspaceFolder), {
    user: workspaceUser,
    environment: {
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: 'https:http:ssh',
      GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oStrictHostKeyChecking=accept-new',
    },
  });
}

/** The words after `git`. Neither the address nor the branch can be taken for an option. */
export function cloneArguments(repoUrl: string, branch: string | null, folder: string): string[] {
  return ['clone', '--quiet', ...(branch === null ? [] : [`--branch=${branch}`]), '--', repoUrl, folder];
}

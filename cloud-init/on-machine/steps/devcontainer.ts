/** Step `devcontainer`: the repository's own, or the default one. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { workspaceFolder, workspaceUser } from '../machine.ts';
import { CommandFailed, run } from '../run.ts';

const ownConfigurations = ['.devcontainer/devcontainer.json', '.devcontainer.json'];

/** Starts the devcontainer. Fails with what the devcontainer program says in its result. */
export async function startDevcontainer(): Promise<void> {
  const own = ownConfigurations.some((file) => existsSync(path.join(workspaceFolder, file)));
  const configuration = own ? [] : ['--override-config', '/opt/pawl/default-devcontainer.json'];
  try {
    await run('devcontainer', ['up', '--workspace-folder', workspaceFolder, ...configuration], { user: workspaceUser });
  } catch (error) {
    throw error instanceof CommandFailed ? new Error(reasonIn(error.stdout) ?? error.message, { cause: error }) : error;
  }
}

/** The `message` of the last line that is JSON, which is where `devcontainer up` leaves its result. */
export function reasonIn(output: string): string | undefined {
  const results = output.trim().split('\n').reverse();
  for (const line of results) {
    try {
      const { message, description } = JSON.parse(line) as { message?: string; description?: string };
      return [description, message].filter(Boolean).join('\n') || undefined;
    } catch {
      continue;
    }
  }
  return undefined;
}

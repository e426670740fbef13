import { agentImage, installedAgents } from '../../test/support/agents/container.ts';
import { openInstallation, type Installation } from '../../test/support/installation.ts';
import { openBareContainers, type BareContainers } from './bare-container.ts';

export interface RunInstallation extends AsyncDisposable {
  installation: Installation;
  /** The image in which its agents work, without anything of Pawl around it. */
  containers: BareContainers;
}

/** The whole product with a runner, as `pawl start` starts it, and its agents' image for use without it. */
export async function openRunInstallation(
  gitHost: string,
  settings: Record<string, string> = {},
): Promise<RunInstallation> {
  await using cleanup = new AsyncDisposableStack();
  const containers = cleanup.use(await openBareContainers(await agentImage()));
  const roles = { WORKER_ROLES: 'control-plane,runner', AGENTS: installedAgents.join(',') };
  const installation = cleanup.use(await openInstallation(gitHost, { ...roles, ...settings }));
  const stack = cleanup.move();
  return { installation, containers, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

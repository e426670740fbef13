import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { terminalHostname } from '../../workflows/contract/hostnames.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import type { WorkspaceInput } from '../../workflows/contract/workspace.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import type { Credentials } from '../answers.ts';
import { capReached, readPausingCap } from '../costs/cap.ts';
import type { Services } from '../services.ts';
import { ensureCredentials } from './credentials.ts';
import type { WorkspacePlan } from './plan.ts';
import { startOptions } from './start-options.ts';
import { serverAnswerMs, within, workspaceHandle } from './temporal.ts';

export type WorkspaceWish = Pick<WorkspaceInput, 'name' | 'repoUrl' | 'branch' | 'size' | 'requestId'>;

export interface StartedWorkspace {
  id: string;
  hostname: string;
  credentials: Credentials;
}

/**
 * Starts the lifecycle of a new workspace under the plan's first free id. Repeating it with the same plan, after a crash at any
 * instruction or at the same time, ends with one workspace and one password. Fails with `monthly_cost_cap_reached` before
 * anything is made.
 */
export async function startWorkspace(
  services: Services,
  plan: WorkspacePlan,
  wish: WorkspaceWish,
): Promise<StartedWorkspace> {
  await checkCostCap(services, plan);
  for (const id of plan.ids) {
    const { DNS_LAYOUT, BASE_DOMAIN } = services.settings;
    const hostname = terminalHostname(DNS_LAYOUT, id, BASE_DOMAIN);
    // Secrets first: the lifecycle may need them within milliseconds of its start.
    const credentials = await ensureCredentials(services.store.secrets, id);
    const outcome = await start(services, inputFor(services, id, hostname, wish), plan.createdAt);
    if (outcome === 'ended') await services.store.secrets.removeAll(workspaceSecretNames(id).all);
    if (outcome !== 'taken') return { id, hostname, credentials };
  }
  throw new Error(`none of ${plan.ids.join(', ')} is free`);
}

/** A repeat of a request that was accepted before the cap was reached gets the answer that it missed. */
async function checkCostCap(services: Services, plan: WorkspacePlan): Promise<void> {
  const cap = await readPausingCap(services, new Date());
  if (!cap) return;
  const started = await Promise.all(plan.ids.map((id) => wasStarted(services, id, plan.createdAt)));
  if (!started.includes(true)) throw capReached(cap);
}

async function wasStarted(services: Services, workspaceId: string, createdAt: string): Promise<boolean> {
  try {
    return (await whoseIsIt(services, workspaceId, createdAt)) !== 'taken';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function inputFor(services: Services, workspaceId: string, hostname: string, wish: WorkspaceWish): WorkspaceInput {
  const { installation, settings, workspaceLimits: limits } = services;
  return { ...wish, workspaceId, hostname, installation, provider: settings.MACHINE_PROVIDER, limits };
}

/** `ended`: an earlier try with this plan had started it, and it is over already. `taken`: the id is another workspace's. */
type StartOutcome = 'started' | 'ended' | 'taken';

async function start(services: Services, input: WorkspaceInput, createdAt: string): Promise<StartOutcome> {
  const options = startOptions(input, { createdAt, phase: 'creating' });
  try {
    await within(services, serverAnswerMs, () =>
      services.temporal.workflow.start<typeof workspaceLifecycle>('workspaceLifecycle', options),
    );
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return await whoseIsIt(services, input.workspaceId, createdAt);
  }
}

/** The moment in the memo is as good as a signature: only this plan has this id and this millisecond. */
async function whoseIsIt(services: Services, workspaceId: string, createdAt: string): Promise<StartOutcome> {
  const handle = workspaceHandle(services, workspaceId);
  const { memo, status } = await within(services, serverAnswerMs, () => handle.describe());
  if (memo?.createdAt !== createdAt) return 'taken';
  return status.name === 'RUNNING' ? 'started' : 'ended';
}

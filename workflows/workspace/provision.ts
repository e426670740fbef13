/** From an accepted request to a terminal that answers. Whatever fails here is undone by `remove.ts`. */
import { condition, upsertMemo } from '@temporalio/workflow';
import type { Liveness } from '../contract/workspace.ts';
import type { WorkspaceMemo } from '../contract/workspace-memo.ts';
import { ensureMachineWithin, waitForTerminalWithin } from './activities.ts';
import { failure } from './failure.ts';
import { newLiveness } from './idle.ts';
import { isGone, lookAtMachine } from './look.ts';
import { isCertificateDue, publishName, signCertificate } from './names.ts';
import { record, setStatus, setWaitingFor } from './record.ts';
import { knownMachine, type Workspace } from './workspace.ts';

const msPerMinute = 60_000;

/** A boot tells about itself every few seconds or minutes; after this long the machine itself is looked at. */
const bootLookMs = 3 * msPerMinute;

/** Fails with the reason when the workspace does not become usable in time. */
export async function provision(workspace: Workspace): Promise<Liveness> {
  const deadline = workspace.createdAt + workspace.input.limits.provisionMinutes * msPerMinute;
  await recordIntent(workspace);
  await createMachine(workspace, deadline);
  if (workspace.machine?.needsName) await publish(workspace, deadline);
  await waitForBoot(workspace, deadline);
  await waitForTerminal(workspace, deadline);
  return await declareRunning(workspace);
}

async function recordIntent(workspace: Workspace): Promise<void> {
  const { name, repoUrl, branch, size, provider } = workspace.input;
  await record(workspace, { type: 'workspace.created', data: { name, repoUrl, branch, size, provider } });
}

async function createMachine(workspace: Workspace, deadline: number): Promise<void> {
  const { workspaceId, provider, size, hostname, repoUrl, branch } = workspace.input;
  setWaitingFor(workspace, `a machine from ${provider}`, deadline);
  const ensureMachine = ensureMachineWithin(timeLeft(workspace, deadline));
  workspace.machine = await ensureMachine({ workspaceId, provider, size, hostname, repoUrl, branch });
  const { providerId, ipAddress } = workspace.machine;
  await record(workspace, { type: 'machine.created', data: { providerId, ipAddress } });
}

async function publish(workspace: Workspace, deadline: number): Promise<void> {
  setWaitingFor(workspace, `the name ${workspace.input.hostname}`, deadline);
  await publishName(workspace, timeLeft(workspace, deadline));
}

async function waitForBoot(workspace: Workspace, deadline: number): Promise<void> {
  const { boot } = workspace;
  const isSettled = (): boolean => boot.ready || boot.failed !== null;
  const isNews = (): boolean => isSettled() || isCertificateDue(workspace);
  while (!isSettled()) {
    if (isCertificateDue(workspace)) await signCertificate(workspace, timeLeft(workspace, deadline));
    setWaitingFor(workspace, 'the machine to boot', deadline);
    const left = timeLeft(workspace, deadline);
    const hasNews = await condition(isNews, Math.min(left, bootLookMs), { summary: 'the machine boots' });
    if (!hasNews && isGone(await lookAtMachine(workspace))) {
      throw failure('MachineLost', `The machine went away while it booted (${lastHeard(workspace)}).`);
    }
  }
  if (boot.failed)
    throw failure('BootFailed', `${boot.failed.step}: ${boot.failed.message ?? 'failed without a word'}`);
}

async function waitForTerminal(workspace: Workspace, deadline: number): Promise<void> {
  setWaitingFor(workspace, 'the terminal to answer', deadline);
  await waitForTerminalWithin(timeLeft(workspace, deadline))(knownMachine(workspace));
}

async function declareRunning(workspace: Workspace): Promise<Liveness> {
  workspace.liveness = newLiveness(Date.now(), workspace.input.limits);
  const accessUrl = workspace.machine?.accessUrl ?? '';
  setStatus(workspace, 'running');
  // Lists show the address without asking a worker.
  upsertMemo({ accessUrl } satisfies Partial<WorkspaceMemo>);
  await record(workspace, { type: 'workspace.running', data: { accessUrl } });
  return workspace.liveness;
}

/** Milliseconds until the deadline; fails when there are none. */
function timeLeft(workspace: Workspace, deadline: number): number {
  const left = deadline - Date.now();
  if (left > 0) return left;
  const { provisionMinutes } = workspace.input.limits;
  throw failure('BootTimedOut', `Not usable after ${provisionMinutes} minutes (${lastHeard(workspace)}).`);
}

function lastHeard({ boot: { latest } }: Workspace): string {
  return latest ? `last heard: ${latest.step} ${latest.status}` : 'it never reported';
}

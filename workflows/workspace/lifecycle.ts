/** The life of one workspace: messages and handlers first, then the story. The steps have a file each beside this one. */
import {
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  bootReportedSignal,
  certifyMachineUpdate,
  extendWorkspaceUpdate,
  heartbeatReceivedSignal,
  stopWorkspaceUpdate,
  workspaceStateQuery,
  type CertifyRequest,
  type ExtendRequest,
  type StopRequest,
  type WorkspaceInput,
  type WorkspaceState,
} from '../contract/workspace.ts';
import { reasonOf } from './failure.ts';
import { withinLifetime } from './lifetime.ts';
import {
  checkAllowed,
  checkCertifiable,
  noteBootReport,
  noteCertificateRequest,
  noteExtension,
  noteHeartbeat,
  noteStop,
} from './messages.ts';
import { awaitCertificate } from './names.ts';
import { provision } from './provision.ts';
import { remove } from './remove.ts';
import { stayWhileNeeded } from './stay.ts';
import { describeWorkspace, openWorkspace, type Workspace } from './workspace.ts';

/**
 * creating → running → stopping → stopped, or failed. Ends only when its machine and its secrets are proven gone, and
 * returns its last state. Runs as `workspaceWorkflowId(id)`.
 */
export async function workspaceLifecycle(input: WorkspaceInput): Promise<WorkspaceState> {
  const workspace = openWorkspace(input, Date.now(), workflowInfo().startTime.getTime());
  handleMessages(workspace);

  try {
    const ending = await unlessStopped(workspace, () => withinLifetime(workspace, () => live(workspace)));
    // A stop may have been asked for in the very moment in which the history was found full.
    if (ending === 'history full' && workspace.stopReason === null) return await carryOn(workspace);
    workspace.stopReason ??= 'idle';
  } catch (error) {
    noteEnding(workspace, error);
  }
  await CancellationScope.nonCancellable(() => remove(workspace));
  return describeWorkspace(workspace);
}

function handleMessages(workspace: Workspace): void {
  setHandler(workspaceStateQuery, () => describeWorkspace(workspace));
  setHandler(bootReportedSignal, (report) => noteBootReport(workspace, report));
  setHandler(heartbeatReceivedSignal, (report) => noteHeartbeat(workspace, report, Date.now()));
  setHandler(
    stopWorkspaceUpdate,
    (request) => {
      noteStop(workspace, request);
      return describeWorkspace(workspace);
    },
    {
      validator: (_request: StopRequest) => checkAllowed('stop', workspace),
      description: 'stop, and remove everything',
    },
  );
  setHandler(
    extendWorkspaceUpdate,
    (request) => {
      noteExtension(workspace, request, Date.now());
      return describeWorkspace(workspace);
    },
    {
      validator: (_request: ExtendRequest) => checkAllowed('extend', workspace),
      description: 'keep alive for some minutes',
    },
  );
  setHandler(
    certifyMachineUpdate,
    async (request) => {
      noteCertificateRequest(workspace, request);
      return await awaitCertificate(workspace);
    },
    {
      validator: (request: CertifyRequest) => checkCertifiable(workspace, request),
      description: 'sign the machine’s certificate',
    },
  );
}

async function live(workspace: Workspace): Promise<'idle' | 'history full'> {
  const liveness = workspace.liveness ?? (await provision(workspace));
  return await stayWhileNeeded(workspace, liveness);
}

/** Runs the work until somebody wants the workspace to stop: then the work is cancelled, wherever it is. */
async function unlessStopped<Result>(workspace: Workspace, work: () => Promise<Result>): Promise<Result> {
  const scope = new CancellationScope();
  // The workflow's own cancellation reaches the scope by itself; then nobody needs this wish any more.
  void condition(() => workspace.stopReason !== null).then(
    () => scope.cancel(),
    () => undefined,
  );
  return await scope.run(work);
}

/** Signals wait for the next run, so nothing is lost; handlers are synchronous, so none is unfinished. */
async function carryOn(workspace: Workspace): Promise<never> {
  const { input, machine, liveness, createdAt, acceptedAt, isExpiryAnnounced, keepUntil, recordedEvents } = workspace;
  if (!machine || !liveness) throw new TypeError('only a running workspace continues as new');
  const carriedOver = {
    ...{ machine, liveness, createdAt, acceptedAt, isExpiryAnnounced, keepUntil, recordedEvents },
    // A message may have come while the last event was being recorded.
    outbox: workspace.outbox,
  };
  return await continueAsNew<typeof workspaceLifecycle>({ ...input, carriedOver });
}

function noteEnding(workspace: Workspace, error: unknown): void {
  if (isCancellation(error)) {
    workspace.stopReason ??= 'cancelled';
    return;
  }
  const reason = reasonOf(error);
  // Who asked for a stop gets one, though the work it interrupted failed at the same moment.
  if (workspace.stopReason === null) {
    workspace.failure = reason;
    workspace.stopReason = 'failed';
  }
}

/** One request to an agent: messages and handlers first, then the story. The steps have a file each beside this one. */
import { CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import {
  cancelRequestedSignal,
  cancelRunUpdate,
  placeHeldSignal,
  runStateQuery,
  turnGivenSignal,
  type CancelRequest,
  type RunInput,
  type RunState,
} from '../contract/run.ts';
import { reasonOf } from './failure.ts';
import { finish } from './finish.ts';
import { checkCancellable, noteCancel, notePlace, noteTurn } from './messages.ts';
import { onRunner } from './place.ts';
import { publishLeft } from './publish-left.ts';
import { publish } from './publish.ts';
import { describeRun, openRun, type Run } from './run.ts';
import { accept, awaitTurn } from './turn.ts';
import { work } from './work.ts';

/**
 * accepted → queued → preparing → working → publishing → completed, failed or cancelled. Ends only when nothing of it is left
 * on its runner, and returns its last state. Runs as `runWorkflowId(id)`, a child of its session that outlives it.
 */
export async function agentRun(input: RunInput): Promise<RunState> {
  const run = openRun(input, Date.now());
  handleMessages(run);

  try {
    await unlessCancelled(run, () => live(run));
  } catch (error) {
    noteEnding(run, error);
  }
  decideOutcome(run);
  await CancellationScope.nonCancellable(() => finish(run));
  return describeRun(run);
}

function handleMessages(run: Run): void {
  setHandler(runStateQuery, () => describeRun(run));
  setHandler(turnGivenSignal, (turn) => noteTurn(run, turn));
  setHandler(placeHeldSignal, (place) => notePlace(run, place));
  setHandler(cancelRequestedSignal, (request) => noteCancel(run, request));
  setHandler(
    cancelRunUpdate,
    (request) => {
      noteCancel(run, request);
      return describeRun(run);
    },
    {
      validator: (_request: CancelRequest) => checkCancellable(run),
      description: 'cancel, and keep what was done as artifacts',
    },
  );
}

async function live(run: Run): Promise<void> {
  await accept(run);
  await awaitTurn(run);
  if (run.input.onlyPublish) return await publishLeft(run);
  await onRunner(run, (place) => work(run, place));
  await publish(run);
}

/** Lives until somebody wants the run cancelled: then its work is cancelled, wherever it is. */
async function unlessCancelled(run: Run, work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  // The workflow's own cancellation reaches the scope by itself; then nobody needs this wish any more.
  void condition(() => run.cancelReason !== null).then(
    () => scope.cancel(),
    () => undefined,
  );
  await scope.run(work);
}

function noteEnding(run: Run, error: unknown): void {
  if (isCancellation(error)) run.cancelReason ??= 'requested';
  else run.failure = reasonOf(error);
}

/** From here on it is too late to cancel. Who was told that the run is cancelled gets that, whatever happened meanwhile. */
function decideOutcome(run: Run): void {
  if (run.cancelReason !== null) run.failure = null;
  run.outcome = run.cancelReason !== null ? 'cancelled' : run.failure ? 'failed' : 'completed';
}

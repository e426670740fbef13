/** What an agent left of its work, however its run ended. */
import { runBlobs } from '../contract/run.ts';
import { keepDiff } from './activities.ts';
import { reasonOf } from './failure.ts';
import { sourceOf } from './prepare.ts';
import { setStep } from './record.ts';
import type { Run } from './run.ts';

const bundleFile = 'result.bundle';
const diffFile = 'changes.diff';

/** Key of the blob with what the agent changed; `null` if it left none. */
export function bundleOf({ input, checkout, ending }: Run): string | null {
  const hasBundle = checkout !== null && ending !== null && ending.files.includes(bundleFile);
  return hasBundle ? runBlobs(input.runId).file(bundleFile) : null;
}

/** A diff is for readers, also of work that is not published; a run does not fail for want of one. */
export async function keepChanges(run: Run): Promise<void> {
  const { runId, repository } = run.input;
  const bundle = bundleOf(run);
  if (!repository || !run.checkout || !run.ending || bundle === null) return;
  const { baseCommit } = run.checkout;
  setStep(run, 'keep the diff');
  try {
    await keepDiff({ ...sourceOf(repository), baseCommit, bundle, diff: runBlobs(runId).file(diffFile) });
    run.ending.files.push(diffFile);
  } catch (error) {
    reasonOf(error);
  }
}

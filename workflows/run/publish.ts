/** What the agent left becomes public, if it may: only the work of an agent that says itself that it succeeded. */
import type { AgentEnding } from '../contract/run-events.ts';
import { failure } from './failure.ts';
import { bundleOf } from './left.ts';
import { makePublic } from './make-public.ts';
import type { Run } from './run.ts';

/** Fails when the agent did. A push that fails is no failure of the run: the bundle is kept, and can be published again. */
export async function publish(run: Run): Promise<void> {
  const { ending, checkout } = run;
  if (!ending) throw failure('AgentFailed', 'The agent ended without a word.');
  checkSuccess(ending);
  if (checkout) await makePublic(run, { ...checkout, bundle: bundleOf(run) });
}

function checkSuccess({ outcome, reason }: AgentEnding): void {
  if (outcome === 'completed') return;
  const name = outcome === 'refused' ? 'AgentRefused' : outcome === 'limit' ? 'LimitReached' : 'AgentFailed';
  throw failure(name, reason ?? `The agent's work ${outcome}.`);
}

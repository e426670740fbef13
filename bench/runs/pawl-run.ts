/** An agent that Pawl lets work, from `POST /runs` to the last event. */
import type { Installation } from '../../test/support/installation.ts';
import { followRun, type FollowedRun } from '../support/followed-run.ts';
import { checkToolCalls } from './messages.ts';
import type { AgentWork } from './work.ts';

/** The run, followed by its owner over SSE. It publishes nothing, as the agent without Pawl does not. */
export async function timePawlRun(
  installation: Installation,
  { prompt, repoUrl, toolCalls }: AgentWork,
): Promise<FollowedRun> {
  const repository = repoUrl === null ? {} : { repository: { url: repoUrl } };
  const run = await followRun(installation, { prompt, agent: 'claude', publish: 'none', ...repository });
  checkToolCalls(messagesOf(run), toolCalls);
  return run;
}

function messagesOf({ events }: FollowedRun): unknown[] {
  return events.flatMap(({ type, data }) => (type === 'agent.message' ? [(data as { message: unknown }).message] : []));
}

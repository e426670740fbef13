/** The container of a run's agent, behind its door. */
import type { HeldPlace } from '../contract/run.ts';
import { runnerAt } from './activities.ts';
import type { Run } from './run.ts';

/** Sees to it that it runs, or has ended. */
export async function startContainer(run: Run, place: HeldPlace): Promise<void> {
  const { runId, agent, modelCredential, limits } = run.input;
  await runnerAt(run, place).ensureAgentContainer({ runId, agent, modelCredential, limits });
}

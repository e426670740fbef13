/** What anybody would write first: the same activities and messages, and nothing of Pawl's. */
import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import type { StepActivities } from './activities.ts';

const { doNothing, ensureMachine, waitForTerminal, removeMachine, removeSecrets } = proxyActivities<StepActivities>({
  startToCloseTimeout: '10 seconds',
});
const { recordEvents } = proxyLocalActivities<StepActivities>({ startToCloseTimeout: '10 seconds' });

export async function chain(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await doNothing();
}

export const readySignal = defineSignal('ready');
export const stopUpdate = defineUpdate('stop');

/** Calls the activities that the life of a workspace calls, in its order, and waits for the same two messages. */
export async function life(id: string): Promise<void> {
  let isReady = false;
  let isStopped = false;
  setHandler(readySignal, () => void (isReady = true));
  setHandler(stopUpdate, () => void (isStopped = true));
  const record = (type: string): Promise<void> => recordEvents(id, [{ type }]);

  await record('workspace.created');
  await ensureMachine();
  await record('machine.created');
  await condition(() => isReady);
  await waitForTerminal();
  await record('workspace.running');
  await condition(() => isStopped);
  await record('workspace.stopping');
  await removeMachine();
  await record('machine.removed');
  await removeSecrets();
  await record('workspace.stopped');
}

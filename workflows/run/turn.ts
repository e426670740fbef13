/** From an accepted request to the moment at which its session comes to it. */
import { condition } from '@temporalio/workflow';
import { checkCredentials } from './activities.ts';
import { record, setStatus, setStep } from './record.ts';
import type { Run } from './run.ts';

/** Writes down what was asked for, before anything is done about it. */
export async function accept(run: Run): Promise<void> {
  const { sessionId, agent, repository, publish } = run.input;
  const repoUrl = repository?.url ?? null;
  await record(run, { type: 'run.accepted', data: { sessionId, agent, repoUrl, publish } });
}

/** Waits for the turns before it; then a request that cannot work ends here, before anything is made for it. */
export async function awaitTurn(run: Run): Promise<void> {
  if (run.turn === null) {
    setStatus(run, 'queued');
    setStep(run, 'wait for its turn', 'the turns of its session before it');
    await condition(() => run.turn !== null);
  }
  setStep(run, 'check credentials');
  const { agent, modelCredential, repository } = run.input;
  await checkCredentials({ agent, modelCredential, repository });
}

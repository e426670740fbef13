/** From an accepted request to the moment at which its session comes to it. */
import { condition } from '@temporalio/workflow';
import { checkCredentials } from './activities.ts';
import { record, recordTurn, setStatus, setStep } from './record.ts';
import type { Run } from './run.ts';

/** Writes down what was asked for, before anything is done about it. */
export async function accept(run: Run): Promise<void> {
  const { sessionId, owner, agent, repository, publish, resuming = false } = run.input;
  const repoUrl = repository?.url ?? null;
  await record(run, { type: 'run.accepted', data: { sessionId, owner, agent, repoUrl, publish, resuming } });
}

/** Waits for the turns before it; then a request that cannot work ends here, before anything is made for it. */
export async function awaitTurn(run: Run): Promise<void> {
  if (run.turn === null) {
    setStatus(run, 'queued');
    setStep(run, 'wait for its turn', 'the turns of its session before it');
    await condition(() => run.turn !== null);
  }
  await recordTurn(run);
  const reason = run.turn?.unreadable;
  if (reason !== undefined) await record(run, { type: 'session.unreadable', data: { reason } });
  setStep(run, 'check credentials');
  const { agent, modelCredential, repository, onlyPublish } = run.input;
  await checkCredentials({ agent, modelCredential: onlyPublish ? null : modelCredential, repository });
}

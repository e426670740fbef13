import { Checkpoint } from '../../workflows/contract/session-checkpoint.schema.ts';
import { chooseCallback } from '../runs/callback-choice.ts';
import { storedName } from '../runs/own-credentials.ts';
import type { RunWish } from '../runs/accept-run.ts';
import type { PublishRequest } from '../runs/run-request.ts';
import { checkPublish, checkRepositoryAccess } from '../runs/wish.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { lastTurn } from './further-prompt.ts';
import { isSessionBusy } from './is-busy.ts';
import { readSession } from './open-session.ts';

const words = 'Publish the work of this session that is not published yet.';

/** A turn of the session that only publishes. Fails with `session_not_found`, `nothing_to_publish` and `invalid_credential`. */
export async function publishWish(
  services: Services,
  owner: string,
  sessionId: string,
  { publish: asked, credential, callback, priority }: PublishRequest,
): Promise<RunWish> {
  const { checkpoint } = await readSession(services, owner, sessionId);
  const { agent, options, limits, modelCredential, ...before } = await lastTurn(services, sessionId);
  const publish = asked ?? (before.publish === 'none' ? 'branch' : before.publish);
  const isAllThere = !hasWork(checkpoint, publish) && !(await isSessionBusy(services, sessionId));
  if (!before.repository || isAllThere) {
    throw new Problem('nothing_to_publish', 'There is no work in this session that is not published.');
  }
  const repository = { ...before.repository, ...(credential !== undefined && { credential }) };
  const access = { publish, repository, own: {} };
  checkPublish(services, access);
  await checkRepositoryAccess(services, access);
  return {
    ...{ ...access, owner, sessionId, agent, options, limits, priority, onlyPublish: true },
    prompt: [{ type: 'text', text: words }],
    // Named only so that the gate looks for it.
    modelCredential: storedName(modelCredential),
    callback: callback ? await chooseCallback(services, callback) : null,
  };
}

/** Of work that was pushed, the pull request may be missing. */
function hasWork(checkpoint: unknown, publish: RunWish['publish']): boolean {
  const { unpublished, head } = Checkpoint.safeParse(checkpoint).data ?? { unpublished: null, head: null };
  return unpublished !== null || (publish === 'pull_request' && head !== null);
}

import { checkoutDirectory, checkoutPath } from '../../workflows/contract/checkout.ts';
import { Checkpoint } from '../../workflows/contract/session-checkpoint.schema.ts';
import { containerId } from '../container-id.ts';
import { directoryFor, repositoryOf, sessionPath } from '../execute/repository-path.ts';
import type { Services } from '../services.ts';
import type { SessionDetails } from '../session-answers.ts';
import { readQueue } from './is-busy.ts';
import { readSession } from './open-session.ts';
import { readTurns, type NumberedTurn } from './turns.ts';

/** The session, what it has done and what waits in it. Fails with `session_not_found`. */
export async function describeSession(services: Services, owner: string, sessionId: string): Promise<SessionDetails> {
  const { agent, checkpoint, createdAt, updatedAt } = await readSession(services, owner, sessionId);
  const turns = await readTurns(services, sessionId);
  const resume = Checkpoint.safeParse(checkpoint).data ?? null;
  const { branch, conversation, unpublished } = resume ?? { branch: null, conversation: null, unpublished: null };
  return {
    ...{ sessionId, createdAt, updatedAt, containerId },
    provider: turns.at(-1)?.agent ?? agent,
    ...(branch !== null && { branch }),
    ...(conversation && { providerSessionId: conversation.providerSessionId }),
    ...repositoryFields(turns.at(-1)?.repository ?? null, resume),
    hasUnpublished: unpublished !== null,
    turns: turns.map(({ runId }) => runId),
    ...(await readQueue(services, sessionId)),
  };
}

function repositoryFields(repository: NumberedTurn['repository'], resume: Checkpoint | null): Partial<SessionDetails> {
  if (!repository) return {};
  const branch = resume?.branch ?? null;
  const clonedPath = checkoutPath(checkoutDirectory(resume, { directory: directoryFor(repository) }));
  const { owner, name } = repositoryOf(repository.url);
  return {
    ...(branch !== null && { sessionPath: sessionPath(repository.url, branch) }),
    ...(owner !== undefined && { repositoryOwner: owner }),
    ...(name !== undefined && { repositoryName: name }),
    github: { repoUrl: repository.url, baseBranch: repository.branch, clonedPath },
  };
}

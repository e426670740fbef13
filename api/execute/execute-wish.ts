/** What `POST /execute` asks for, in the words of runs. */
import { findAgent } from '../../agent-host/agents/index.ts';
import { canonicalRepositoryUrl } from '../../repositories/repository-url.ts';
import type { Turn } from '../../workflows/contract/session-events.ts';
import { Problem, problemAt, problems } from '../problems.ts';
import type { RunWish } from '../runs/accept-run.ts';
import { isRunsOwn, type OwnCredentials } from '../runs/own-credentials.ts';
import type { RunRequest } from '../runs/run-request.ts';
import { wishOf } from '../runs/wish.ts';
import type { Services } from '../services.ts';
import { readTurns } from '../sessions/turns.ts';
import { readAuthentication, type Authentication } from './authentication.ts';
import type { ExecuteRequest } from './execute-request.ts';

/** Fails with `invalid_request` at the field of the request that cannot be. */
export async function executeWish(services: Services, owner: string, request: ExecuteRequest): Promise<RunWish> {
  try {
    const authentication = authenticationOf(request);
    const before = await lastTurnOf(services, owner, request.websiteSessionId);
    const own = ownCredentials(request, authentication);
    return await wishOf(services, owner, runRequest(request, authentication, before), own);
  } catch (error) {
    throw error instanceof Problem && problems[error.code].status === 400 ? inTheirWords(error) : error;
  }
}

function authenticationOf({ codingAssistantProvider: name, ...request }: ExecuteRequest): Authentication {
  const agent = findAgent(name);
  return readAuthentication(request.codingAssistantAuthentication, agent?.model ?? null, new Date());
}

/** A session of somebody else has no turns for this caller, and is refused later. */
async function lastTurnOf(services: Services, owner: string, sessionId?: string): Promise<Turn | undefined> {
  const last = sessionId === undefined ? undefined : (await readTurns(services, sessionId)).at(-1);
  return last?.owner === owner ? last : undefined;
}

function ownCredentials({ github }: ExecuteRequest, { value }: Authentication): OwnCredentials {
  const token = github?.accessToken;
  return {
    model: value,
    git: token === undefined ? undefined : { kind: 'git_token', token, username: 'x-access-token' },
  };
}

function runRequest(request: ExecuteRequest, { name }: Authentication, before: Turn | undefined): RunRequest {
  const repository = repositoryOf(request, before);
  const { model, command, skipPermissions } = request.providerOptions ?? { skipPermissions: true };
  return {
    prompt: request.userRequest,
    agent: request.codingAssistantProvider,
    sessionId: request.websiteSessionId,
    repository,
    credential: name,
    options: { skipPermissions, ...(model && { model }), ...(command && { command }) },
    publish: repository && request.autoCommit !== false ? 'branch' : 'none',
    priority: usualPriority,
  };
}

const usualPriority = 3;

/** A session goes on with its repository, unless the request brings one. */
function repositoryOf({ github }: ExecuteRequest, before: Turn | undefined): RunRequest['repository'] {
  if (!github) return before?.repository ?? undefined;
  const { branch, directory = null } = github;
  const url = canonicalRepositoryUrl(github.repoUrl);
  const stored = before?.repository?.url === url ? before.repository.credential : null;
  const credential = stored !== null && !isRunsOwn(stored) ? stored : null;
  return { url, branch, directory, credential };
}

/** Field of a run's request → the field that it came from. */
const fields: Record<string, string> = {
  agent: 'codingAssistantProvider',
  credential: 'codingAssistantAuthentication',
  'repository.url': 'github.repoUrl',
  'repository.credential': 'github.accessToken',
  'options.command': 'providerOptions.command',
  'options.skipPermissions': 'providerOptions.skipPermissions',
};

function inTheirWords({ message, extensions }: Problem): Problem {
  const field = typeof extensions['field'] === 'string' ? extensions['field'] : '';
  return problemAt('invalid_request', fields[field] ?? field, message);
}

/** From what was asked for to what is to be done. Everything that can be found wrong before a run is made is found here. */
import { agents, findAgent } from '../../agent-host/agents/index.ts';
import type { Agent } from '../../agent-host/agents/agent.ts';
import { RunLimits, type Prompt } from '../../workflows/contract/run.schema.ts';
import type { Turn } from '../../workflows/contract/session-events.ts';
import { problemAt } from '../problems.ts';
import { findGitHubRepository } from '../../github/hosts.ts';
import { checkRepositoryUrl } from '../repository-url.ts';
import type { Services } from '../services.ts';
import type { RunWish } from './accept-run.ts';
import { chooseCallback } from './callback-choice.ts';
import { checkGitCredential, checkModelKind, chooseModelCredential } from './credential-choice.ts';
import { isRunsOwn, storedName, type OwnCredentials } from './own-credentials.ts';
import type { PromptRequest, RunRequest } from './run-request.ts';

/** What a run is asked for with. Fails with the problem of the first field that cannot be. */
export async function wishOf(
  services: Services,
  owner: string,
  request: RunRequest,
  own: OwnCredentials = {},
): Promise<RunWish> {
  const { sessionId = null, options = {} } = request;
  const repository = request.repository ? reachable(services, request.repository) : null;
  const publish = request.publish ?? (repository ? 'branch' : 'none');
  const limits = RunLimits.parse(request.limits ?? {});
  const common = { owner, sessionId, options, repository, publish, limits, own };
  return await complete(services, agentCalled(request.agent), common, request);
}

/** What a further prompt in a session asks for; what it leaves out is as in the turn before. */
export async function furtherWish(
  services: Services,
  sessionId: string,
  before: Turn,
  request: PromptRequest,
): Promise<RunWish> {
  const { owner, repository, modelCredential } = before;
  const options = request.options ?? before.options;
  const publish = request.publish ?? before.publish;
  const limits = RunLimits.parse({ ...before.limits, ...request.limits });
  const common = { owner, sessionId, options, repository, publish, limits, own: {} };
  const credential = request.credential ?? storedName(modelCredential) ?? undefined;
  return await complete(services, agentCalled(before.agent), common, { ...request, credential });
}

function reachable({ settings }: Services, repository: NonNullable<RunRequest['repository']>): RunWish['repository'] {
  return { ...repository, url: checkRepositoryUrl(repository.url, settings.GIT_INSECURE_HOSTS, 'repository.url') };
}

type Common = Omit<RunWish, 'agent' | 'prompt' | 'modelCredential' | 'callback' | 'priority'>;

async function complete(
  services: Services,
  agent: Agent,
  common: Common,
  { prompt, credential, callback, priority }: PromptRequest,
): Promise<RunWish> {
  checkOptions(agent, common);
  checkBounds(agent, common);
  checkPublish(services, common);
  await checkRepositoryAccess(services, common);
  return {
    ...{ ...common, agent: agent.id, prompt: blocksOf(prompt), priority },
    modelCredential: await chooseForModel(services, agent, common.own, credential),
    callback: callback ? await chooseCallback(services, callback) : null,
  };
}

function agentCalled(name: string): Agent {
  const agent = findAgent(name);
  if (agent) return agent;
  const known = agents.map(({ id }) => id).join(', ');
  throw problemAt('unknown_agent', 'agent', `There is no agent of this name; there are ${known}.`);
}

/** What an agent cannot keep to is refused: whoever asks for it relies on it. */
function checkBounds({ id, bounds }: Agent, { options, limits }: Common): void {
  if (limits.turns !== null && !bounds.includes('turns')) {
    throw problemAt('validation_error', 'limits.turns', `The agent ${id} keeps to no limit of turns.`);
  }
  if (options.skipPermissions === false && !bounds.includes('permissions')) {
    const words = `The agent ${id} asks for no permissions; its container is its fence.`;
    throw problemAt('validation_error', 'options.skipPermissions', words);
  }
}

function checkOptions(agent: Agent, { options }: Common): void {
  if (agent.package === null && !options.command) {
    const words = `The agent ${agent.id} needs the program that it is, with its arguments.`;
    throw problemAt('validation_error', 'options.command', words);
  }
}

/** Fails with the problem of the field that keeps the work from being published so. */
export function checkPublish(
  { settings }: Services,
  { publish, repository, own }: Pick<RunWish, 'publish' | 'repository' | 'own'>,
): void {
  if (publish === 'none') return;
  if (!repository) throw problemAt('validation_error', 'publish', 'Without a repository there is nowhere to publish.');
  if (publish !== 'pull_request') return;
  if (!findGitHubRepository(repository.url, settings.GITHUB_HOSTS)) {
    const words = 'Pull requests can be opened at hosts of GITHUB_HOSTS only; publish a `branch` here.';
    throw problemAt('validation_error', 'publish', words);
  }
  if (own.git || repository.credential !== null) return;
  const words = 'Opening a pull request takes a token: a stored `git_token` that may write pull requests.';
  throw problemAt('invalid_credential', 'repository.credential', words);
}

/** Fails with `invalid_credential` unless the repository's is one that can be used. */
export async function checkRepositoryAccess(
  services: Services,
  { repository, own }: Pick<RunWish, 'repository' | 'own'>,
): Promise<void> {
  const credential = repository?.credential ?? null;
  if (own.git || credential === null) return;
  if (!isRunsOwn(credential)) return await checkGitCredential(services, credential);
  const words = 'The token that the turn before came with was its own; this one needs one of its own, or a stored one.';
  throw problemAt('invalid_credential', 'repository.credential', words);
}

async function chooseForModel(
  services: Services,
  { model }: Agent,
  own: OwnCredentials,
  given: string | undefined,
): Promise<string | null> {
  if (!own.model) return await chooseModelCredential(services, model, given);
  checkModelKind(model, own.model.kind);
  return null;
}

/** The prompt as blocks. */
function blocksOf(prompt: Prompt): RunWish['prompt'] {
  return typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : prompt;
}

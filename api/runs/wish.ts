/** From what was asked for to what is to be done. Everything that can be found wrong before a run is made is found here. */
import { RunLimits, type Prompt } from '../../workflows/contract/run.schema.ts';
import type { Turn } from '../../workflows/contract/session-events.ts';
import { problemAt } from '../problems.ts';
import { checkRepositoryUrl } from '../repository-url.ts';
import type { Services } from '../services.ts';
import type { RunWish } from './accept-run.ts';
import { agentList, findAgent } from './agents.ts';
import { chooseCallback } from './callback-choice.ts';
import { checkGitCredential, chooseModelCredential } from './credential-choice.ts';
import type { PromptRequest, RunRequest } from './run-request.ts';

/** What `POST /runs` asks for. Fails with the problem of the first field that cannot be. */
export async function wishOf(services: Services, owner: string, request: RunRequest): Promise<RunWish> {
  const { sessionId = null, repository = null, options = {} } = request;
  if (repository) checkRepositoryUrl(repository.url, services.settings.GIT_INSECURE_HOSTS, 'repository.url');
  const publish = request.publish ?? (repository ? 'branch' : 'none');
  const limits = RunLimits.parse(request.limits ?? {});
  const common = { owner, sessionId, agent: request.agent, options, repository, publish, limits };
  return await complete(services, common, request);
}

/** What a further prompt in a session asks for; what it leaves out is as in the turn before. */
export async function furtherWish(
  services: Services,
  sessionId: string,
  before: Turn,
  request: PromptRequest,
): Promise<RunWish> {
  const { owner, agent, repository, modelCredential } = before;
  const options = request.options ?? before.options;
  const publish = request.publish ?? before.publish;
  const limits = RunLimits.parse({ ...before.limits, ...request.limits });
  const credential = request.credential ?? modelCredential ?? undefined;
  const common = { owner, sessionId, agent, options, repository, publish, limits };
  return await complete(services, common, { ...request, credential });
}

type Common = Omit<RunWish, 'agent' | 'prompt' | 'modelCredential' | 'callback' | 'priority'> & { agent: string };

async function complete(
  services: Services,
  common: Common,
  { prompt, credential, callback, priority }: PromptRequest,
): Promise<RunWish> {
  const agent = findAgent(common.agent);
  if (!agent) throw problemAt('unknown_agent', 'agent', `There is no agent of this name; there are ${agentList}.`);
  checkOptions({ ...common, agent: agent.id });
  if (common.repository?.credential) {
    await checkGitCredential(services, common.repository.credential, 'repository.credential');
  }
  return {
    ...{ ...common, agent: agent.id, prompt: blocksOf(prompt), priority },
    modelCredential: await chooseModelCredential(services, agent.model, credential, 'credential'),
    callback: callback ? await chooseCallback(services, callback) : null,
  };
}

/** The prompt as blocks. */
export function blocksOf(prompt: Prompt): RunWish['prompt'] {
  return typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : prompt;
}

function checkOptions({ agent, options, publish, repository }: Common): void {
  if ((agent === 'command' || agent === 'acp') && !options.command) {
    const words = `The agent ${agent} needs the program that it is, with its arguments.`;
    throw problemAt('validation_error', 'options.command', words);
  }
  if (publish === 'branch' && !repository) {
    throw problemAt('validation_error', 'publish', 'Without a repository there is nowhere to publish.');
  }
}

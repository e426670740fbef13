/** OpenAI's Codex, through its SDK. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Thread, ThreadEvent } from '@openai/codex-sdk';
import { noUsage } from './agent.ts';
import type { Agent, AgentOutcome, AgentTurn, Usage } from './agent.ts';
import { usageSoFar } from './common/codex-usage.ts';
import { agentEnvironment } from './common/environment.ts';
import { repositoryInstructions } from './common/instructions.ts';
import { ending, failure } from './common/outcomes.ts';
import { saveImages, textOf } from './common/prompt.ts';
import { anyFile } from './common/session-files.ts';

/** One of the models that the program knows by itself; of others it does not know which tools they take. */
const usualModel = 'gpt-5.5';

/** Codex, working in `cwd` without a sandbox of its own: the container is the fence. */
export const codex: Agent = {
  id: 'codex',
  names: ['codex', 'CodexSDK', 'cursor'],
  model: 'openai',
  bounds: [],
  package: '@openai/codex-sdk',
  sessionFiles: ['codex/sessions/**/*.jsonl'],
  hasSession: (home, id) => anyFile(home, `codex/sessions/**/*${id}.jsonl`),
  load: () => import('@openai/codex-sdk'),
  run,
};

async function run(turn: AgentTurn): Promise<AgentOutcome> {
  const course: Course = { providerSessionId: turn.resume, text: null, usage: noUsage, problem: null, isDone: false };
  try {
    const before = await usageSoFar(turn);
    const thread = await openThread(turn);
    const { events } = await thread.runStreamed(await inputOf(turn), { signal: turn.signal });
    for await (const event of events) {
      await turn.emit(event);
      await follow(course, event, turn, before);
    }
  } catch (error) {
    // The program ends with an error after it has told one; that one has the words.
    return failure(turn, course.problem ?? error, factsOf(course));
  }
  const facts = factsOf(course);
  if (turn.signal.aborted) return ending('aborted', 'stopped', facts);
  if (course.isDone) return ending('completed', null, facts);
  return ending('failed', course.problem ?? 'Codex ended without completing its turn', facts);
}

/** What the events have told so far. */
interface Course {
  providerSessionId: string | null;
  text: string | null;
  usage: AgentOutcome['usage'];
  problem: string | null;
  isDone: boolean;
}

function factsOf({ providerSessionId, text, usage }: Course) {
  return { providerSessionId, text, usage };
}

async function follow(course: Course, event: ThreadEvent, turn: AgentTurn, before: Usage): Promise<void> {
  if (event.type === 'thread.started') {
    course.providerSessionId = event.thread_id;
    await turn.remember(event.thread_id);
  } else if (event.type === 'item.completed') {
    if (event.item.type === 'agent_message') course.text = event.item.text ?? null;
    else await turn.settled();
  } else if (event.type === 'turn.completed') {
    course.isDone = true;
    // It counts over all turns of the conversation.
    const { input_tokens, output_tokens } = event.usage;
    const inputTokens = input_tokens - before.inputTokens;
    course.usage = { inputTokens, outputTokens: output_tokens - before.outputTokens, costUsd: null };
  } else if (event.type === 'turn.failed') {
    course.problem = event.error.message;
  } else if (event.type === 'error') {
    course.problem ??= event.message;
  }
}

async function openThread(turn: AgentTurn): Promise<Thread> {
  const { Codex } = await import('@openai/codex-sdk');
  const home = path.join(turn.home, 'codex');
  await mkdir(home, { recursive: true });
  const program = new Codex({
    apiKey: turn.gateway.token,
    baseUrl: `${turn.gateway.url}/openai/v1`,
    env: { ...(await agentEnvironment(turn)), CODEX_HOME: home },
    config: await configuration(turn),
    // It would trust the repository by itself, and then start the programs that `.codex/config.toml` names.
    configOverrides: [`projects={${JSON.stringify(turn.cwd)}={trust_level="untrusted"}}`],
  });
  const options = {
    model: turn.options.model ?? usualModel,
    workingDirectory: turn.cwd,
    sandboxMode: 'danger-full-access',
    approvalPolicy: 'never',
    skipGitRepoCheck: true,
  } as const;
  return turn.resume ? program.resumeThread(turn.resume, options) : program.startThread(options);
}

/** Each of the switches silences a look at one of its makers' hosts. */
async function configuration({ cwd }: AgentTurn): Promise<Record<string, unknown>> {
  const instructions = await repositoryInstructions(cwd, ['AGENTS.md']);
  return {
    analytics: { enabled: false },
    features: { plugins: false, apps: false },
    check_for_update_on_startup: false,
    ...(instructions && { developer_instructions: instructions }),
  };
}

async function inputOf({ prompt, home }: AgentTurn) {
  const images = await saveImages(prompt, home);
  return [
    { type: 'text' as const, text: textOf(prompt) },
    ...images.map((file) => ({ type: 'local_image' as const, path: file })),
  ];
}

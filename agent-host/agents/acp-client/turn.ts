/** One turn of a program that speaks the Agent Client Protocol, version 1, over its standard input and output. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentCapabilities, ClientContext } from '@agentclientprotocol/sdk';
import type { ContentBlock } from '../../job.ts';
import { createAcpCourse } from './course.ts';
import type { AcpCourse } from './course.ts';
import { choosePermission } from './permission.ts';
import { openStream } from './stream.ts';
import { noUsage } from '../agent.ts';
import type { AgentOutcome, AgentTurn, Usage } from '../agent.ts';
import { ending, failure } from '../common/outcomes.ts';
import { startProgram } from '../common/program.ts';
import type { RunningProgram } from '../common/program.ts';

export interface AcpProgram {
  file: string;
  args: string[];
  env: Record<string, string>;
}

interface PromptAnswer {
  stopReason: string;
  usage?: { inputTokens: number; outputTokens: number };
  /** Where Gemini CLI tells its usage. */
  _meta?: { quota?: { token_count: { input_tokens: number; output_tokens: number } } };
}

/**
 * Runs the program for one turn: every update of its session is a message, and every request for a permission. Never
 * rejects for what the program does.
 */
export async function runAcpProgram(turn: AgentTurn, { file, args, env }: AcpProgram): Promise<AgentOutcome> {
  const { client } = await import('@agentclientprotocol/sdk');
  const program = startProgram(file, args, { turn, env });
  const course = createAcpCourse(turn);
  const app = client({ name: 'pawl' }).onRequest('session/request_permission', asIs, ({ params }) =>
    course.permit(params, choosePermission(params, turn.options)),
  );
  const stream = await openStream(program, (params) => course.update(params));
  try {
    const answer = app.connectWith(stream, (agent) => converse(agent, turn, course));
    const death = program.ended.then(({ words }) => Promise.reject(new Error(words)));
    return await outcomeOf(await Promise.race([answer, death]), turn, course);
  } catch (error) {
    await course.told();
    return failure(turn, (await deathOf(program)) ?? acpError(error), course.facts());
  } finally {
    await program.end();
  }
}

function asIs(params: unknown): unknown {
  return params;
}

const lastWordsMs = 500;

/** A program that closes its end of the line is about to die; then its last words say more than the broken line. */
async function deathOf({ ended }: RunningProgram): Promise<Error | undefined> {
  const death = ended.then(({ words }) => new Error(words));
  return Promise.race([death, sleep(lastWordsMs, undefined, { ref: false })]);
}

async function converse(agent: ClientContext, turn: AgentTurn, course: AcpCourse): Promise<PromptAnswer> {
  const { agentCapabilities = {} } = await agent.request<{ agentCapabilities?: AgentCapabilities }>('initialize', {
    protocolVersion: 1,
    // The program reads and writes files by itself: it is in the same container.
    clientCapabilities: {},
    clientInfo: { name: 'pawl', version: '1' },
  });
  const sessionId = await openSession(agent, turn, course);
  turn.signal.addEventListener(
    'abort',
    () => void agent.notify('session/cancel', { sessionId }).catch(() => undefined),
  );
  return agent.request<PromptAnswer>('session/prompt', {
    sessionId,
    prompt: blocksFor(turn.prompt, agentCapabilities),
  });
}

async function openSession(agent: ClientContext, turn: AgentTurn, course: AcpCourse): Promise<string> {
  const place = { cwd: turn.cwd, mcpServers: [] };
  if (turn.resume !== null) {
    // Loading repeats everything that was said before, which the event log has already.
    await course.replaying(() => agent.request('session/load', { sessionId: turn.resume, ...place }));
    await course.begin(turn.resume);
    return turn.resume;
  }
  const { sessionId } = await agent.request<{ sessionId: string }>('session/new', place);
  await course.begin(sessionId);
  return sessionId;
}

function blocksFor(prompt: ContentBlock[], { promptCapabilities }: AgentCapabilities): object[] {
  return prompt.flatMap((block): object[] => {
    if (block.type === 'text') return [block];
    if (!promptCapabilities?.image) return [{ type: 'text', text: '(An image, which this agent cannot see.)' }];
    return [{ type: 'image', mimeType: block.source.media_type, data: block.source.data }];
  });
}

async function outcomeOf(answer: PromptAnswer, turn: AgentTurn, course: AcpCourse): Promise<AgentOutcome> {
  await course.told();
  const facts = course.facts(usageOf(answer));
  const { stopReason } = answer;
  if (turn.signal.aborted || stopReason === 'cancelled') return ending('aborted', 'stopped', facts);
  if (stopReason === 'refusal') return ending('refused', facts.text ?? 'the model refused', facts);
  if (stopReason !== 'end_turn') return ending('limit', `the agent stopped: ${stopReason}`, facts);
  if (course.denied.length > 0) return ending('refused', `not permitted: ${course.denied.join(', ')}`, facts);
  return ending('completed', null, facts);
}

function usageOf({ usage, _meta }: PromptAnswer): Usage {
  const count = _meta?.quota?.token_count;
  if (count) return { inputTokens: count.input_tokens, outputTokens: count.output_tokens, costUsd: null };
  return usage ? { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, costUsd: null } : noUsage;
}

/** The protocol's errors keep their useful words in `data`. */
function acpError(error: unknown): unknown {
  const { message, data } = error as { message?: string; data?: unknown };
  return data === undefined
    ? error
    : new Error(`${message}: ${typeof data === 'string' ? data : JSON.stringify(data)}`);
}

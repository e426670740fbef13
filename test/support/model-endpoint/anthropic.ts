/** Anthropic's Messages API. */
import type { Answer, ModelApi } from './api.ts';
import { usagePerAnswer } from './script.ts';
import { pieces } from './sse.ts';
import { toolCallFor } from './tool-calls.ts';

interface Block {
  type: string;
  text?: string;
}

interface MessagesRequest {
  model: string;
  stream?: boolean;
  messages: { role: string; content: string | Block[] }[];
  tools?: { name: string }[];
}

const usage = { input_tokens: usagePerAnswer.inputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

export const anthropic: ModelApi = {
  id: 'anthropic',
  isCall: (path) => path === '/v1/messages',
  read(body) {
    const { model, messages, tools = [] } = body as MessagesRequest;
    const prompts = messages
      .filter(({ role }) => role === 'user')
      .map(({ content }) => {
        const blocks: Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
        return {
          text: blocks.map(({ text = '' }) => text).join('\n'),
          toolResults: blocks.some(({ type }) => type === 'tool_result') ? 1 : 0,
        };
      });
    return { model, tools, prompts };
  },
  wantsStream: (body) => (body as MessagesRequest).stream === true,
  whole: (answer) => ({
    ...message(answer),
    content: blocksOf(answer),
    stop_reason: stopReason(answer),
    usage: { ...usage, output_tokens: usagePerAnswer.outputTokens },
  }),
  *events(answer) {
    const event = (type: string, data: object) => ({ event: type, data: { type, ...data } });
    yield event('message_start', {
      message: { ...message(answer), content: [], usage: { ...usage, output_tokens: 1 } },
    });
    for (const [index, block] of blocksOf(answer).entries()) {
      const [start, deltas] = block.type === 'text' ? textParts(block.text) : toolParts(block);
      yield event('content_block_start', { index, content_block: start });
      for (const delta of deltas) yield event('content_block_delta', { index, delta });
      yield event('content_block_stop', { index });
    }
    const delta = { stop_reason: stopReason(answer), stop_sequence: null };
    yield event('message_delta', { delta, usage: { output_tokens: usagePerAnswer.outputTokens } });
    yield event('message_stop', {});
  },
  error: (status) => ({
    type: 'error',
    error: { type: errorTypes[status] ?? 'api_error', message: `scripted ${status}` },
  }),
};

const errorTypes: Record<number, string> = { 401: 'authentication_error', 429: 'rate_limit_error' };

function message({ id, call }: Answer): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: call.model,
    stop_reason: null,
    stop_sequence: null,
  };
}

type AnswerBlock =
  { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: object | string };

function blocksOf({ step, call, cwd, id }: Answer): AnswerBlock[] {
  // The side call that asks for a title offers no tools.
  const actions = call.tools.length === 0 ? [] : (step.do ?? []);
  const uses = actions.map((action, index): AnswerBlock => {
    const { name, input } = toolCallFor(action, call.tools, cwd);
    return { type: 'tool_use', id: `toolu_${id}_${index}`, name, input };
  });
  return [...(step.say ? [{ type: 'text' as const, text: step.say }] : []), ...uses];
}

function stopReason({ step }: Answer): string {
  if (step.refuses) return 'refusal';
  return step.do ? 'tool_use' : 'end_turn';
}

function textParts(text: string): [object, object[]] {
  return [{ type: 'text', text: '' }, pieces(text).map((piece) => ({ type: 'text_delta', text: piece }))];
}

function toolParts(block: object & { input: unknown }): [object, object[]] {
  const json = pieces(JSON.stringify(block.input));
  return [{ ...block, input: {} }, json.map((piece) => ({ type: 'input_json_delta', partial_json: piece }))];
}

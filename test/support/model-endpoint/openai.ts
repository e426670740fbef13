/** OpenAI's Responses API. */
import type { Answer, ModelApi } from './api.ts';
import { usagePerAnswer } from './script.ts';
import { pieces } from './sse.ts';
import { toolCallFor } from './tool-calls.ts';

interface Tool {
  type: string;
  name?: string;
  tools?: Tool[];
}

interface ResponsesRequest {
  model: string;
  stream?: boolean;
  input: { type: string; role?: string; content?: { text?: string }[] }[];
  tools?: Tool[];
}

export const openai: ModelApi = {
  id: 'openai',
  isCall: (path) => path.endsWith('/responses'),
  read(body) {
    const { model, input, tools = [] } = body as ResponsesRequest;
    const prompts = input.map(({ type, role, content = [] }) => ({
      text: type === 'message' && role === 'user' ? content.map(({ text = '' }) => text).join('\n') : '',
      toolResults: type.endsWith('_output') ? 1 : 0,
    }));
    return { model, prompts, tools: tools.flatMap(flat).map(({ name = '', type }) => ({ name, type })) };
  },
  wantsStream: (body) => (body as ResponsesRequest).stream === true,
  whole: (answer) => response(answer, 'completed', itemsOf(answer)),
  *events(answer) {
    let sequence = 0;
    const event = (type: string, data: object) => ({
      event: type,
      data: { type, sequence_number: sequence++, ...data },
    });
    yield event('response.created', { response: response(answer, 'in_progress', []) });
    const items = itemsOf(answer);
    for (const [index, item] of items.entries()) {
      yield event('response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress' } });
      for (const delta of item.type === 'message' ? pieces(answer.step.say ?? '') : []) {
        yield event('response.output_text.delta', { item_id: item.id, output_index: index, content_index: 0, delta });
      }
      yield event('response.output_item.done', { output_index: index, item });
    }
    yield event('response.completed', { response: response(answer, 'completed', items) });
  },
  error: (status) => ({
    error: { message: `scripted ${status}`, code: status === 401 ? 'invalid_api_key' : 'server_error', type: 'error' },
  }),
};

function flat(tool: Tool): Tool[] {
  return tool.type === 'namespace' ? (tool.tools ?? []).flatMap(flat) : [tool];
}

interface Item {
  type: string;
  id: string;
  status: 'completed';
  [field: string]: unknown;
}

function itemsOf({ step, call, cwd, id }: Answer): Item[] {
  const content = [{ type: 'output_text', text: step.say, annotations: [] }];
  const said: Item = { type: 'message', id: `msg_${id}`, status: 'completed', role: 'assistant', content };
  const calls = (step.do ?? []).map((action, index): Item => {
    const { name, input } = toolCallFor(action, call.tools, cwd);
    const common = { id: `call_${id}_${index}`, call_id: `call_${id}_${index}`, status: 'completed' as const, name };
    if (typeof input === 'string') return { ...common, type: 'custom_tool_call', input };
    return { ...common, type: 'function_call', arguments: JSON.stringify(input) };
  });
  return [...(step.say ? [said] : []), ...calls];
}

function response({ id }: Answer, status: string, output: Item[]): object {
  const { inputTokens, outputTokens } = usagePerAnswer;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  return { id: `resp_${id}`, object: 'response', status, output, ...(status === 'completed' && { usage }) };
}

/** Google's Gemini API. */
import type { Answer, ModelApi } from './api.ts';
import { usagePerAnswer } from './script.ts';
import { toolCallFor } from './tool-calls.ts';

interface Part {
  text?: string;
  functionResponse?: object;
}

interface GenerateRequest {
  contents: { role?: string; parts?: Part[] }[];
  tools?: { functionDeclarations?: { name: string }[] }[];
}

export const google: ModelApi = {
  id: 'google',
  isCall: (path) => /:(streamG|g)enerateContent$/.test(path),
  read(body, path) {
    const { contents, tools = [] } = body as GenerateRequest;
    const prompts = contents
      .filter(({ role = 'user' }) => role !== 'model')
      .map(({ parts = [] }) => ({
        text: parts.map(({ text = '' }) => text).join('\n'),
        toolResults: parts.some(({ functionResponse }) => functionResponse) ? 1 : 0,
      }));
    const model = /models\/([^:]+):/.exec(path)?.[1] ?? '';
    return { model, prompts, tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations) };
  },
  wantsStream: (_body, path) => path.endsWith(':streamGenerateContent'),
  whole,
  *events(answer) {
    yield { data: whole(answer) };
  },
  error: (status) => ({
    error: { code: status, message: `scripted ${status}`, status: statuses[status] ?? 'INTERNAL' },
  }),
};

const statuses: Record<number, string> = { 401: 'UNAUTHENTICATED', 429: 'RESOURCE_EXHAUSTED' };

function whole({ step, call, cwd, id }: Answer): object {
  const { inputTokens: promptTokenCount, outputTokens: candidatesTokenCount } = usagePerAnswer;
  const calls = (call.tools.length === 0 ? [] : (step.do ?? [])).map((action) => {
    const { name, input } = toolCallFor(action, call.tools, cwd);
    return { functionCall: { name, args: input } };
  });
  const parts = [...(step.say ? [{ text: step.say }] : []), ...calls];
  return {
    responseId: id,
    modelVersion: call.model,
    candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: step.refuses ? 'SAFETY' : 'STOP' }],
    usageMetadata: { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount },
  };
}

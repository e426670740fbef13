import { z } from 'zod';
import type { ModelApi, ModelError, Reading } from './model-api.ts';
import { definedOf, Tokens } from './tokens.ts';

/** Of the Responses API, and of Chat Completions, whose names differ. Input counts include what came from the cache. */
const Usage = z.object({
  input_tokens: Tokens,
  output_tokens: Tokens,
  input_tokens_details: z.object({ cached_tokens: Tokens, cache_write_tokens: Tokens }).nullish(),
  prompt_tokens: Tokens,
  completion_tokens: Tokens,
  prompt_tokens_details: z.object({ cached_tokens: Tokens, cache_write_tokens: Tokens }).nullish(),
});

const Answer = z.object({ model: z.string().nullish(), usage: Usage.nullish() });

const Said = Answer.extend({
  type: z.string().optional(),
  /** Responses API: the whole response, so far. */
  response: Answer.optional(),
  /** Responses API: a piece of text, of reasoning or of a call's arguments. */
  delta: z.string().optional().catch(undefined),
  /** Chat Completions. */
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() }))
    .optional()
    .catch(undefined),
});

/** OpenAI's API, which many other servers speak as well. */
export const openai: ModelApi = {
  id: 'openai',
  prefix: '/openai/v1',
  upstreamPrefix: '',
  routes: [
    { method: 'POST', path: /^\/responses(\/compact)?$/, generates: true, adapt: refuseBackground },
    { method: 'POST', path: /^\/chat\/completions$/, generates: true, adapt: askForUsage },
    { method: 'GET', path: /^\/models(\/[\w.:-]+)?$/, generates: false },
  ],
  authenticate: (credential) =>
    credential.kind === 'openai_api_key' ? { authorization: `Bearer ${credential.apiKey}` } : undefined,
  // Codex takes 402 and 403 for a passing trouble and comes again five times; on 400 it stops, and shows the message.
  statusOf: ({ kind, status }) => (kind === 'budget' || kind === 'permission' ? 400 : status),
  errorBody: ({ message, ...error }) => ({ error: { message, param: null, ...errorType(error) } }),
  trial: { path: '/models' },
  // A key that may only do some things is answered with 401 wherever it may not.
  isRefusal: (status, body) => status === 401 && !body.includes('insufficient permissions'),
  read(message) {
    const { data: said } = Said.safeParse(message);
    if (!said) return {};
    const { model, usage } = said.response ?? said;
    return {
      model: model ?? undefined,
      counts: usage ? countsOf(usage) : undefined,
      characters: textOf(said).length,
      isLast: Boolean(usage),
    };
  },
};

/** A response in the background is read by calls that do not pass; its use would never be seen. */
function refuseBackground(body: Record<string, unknown>): Record<string, unknown> | string {
  return body['background'] ? 'Responses in the background are not available here.' : body;
}

/** A stream of Chat Completions tells its use only when it is asked to. */
function askForUsage(body: Record<string, unknown>): Record<string, unknown> {
  if (body['stream'] !== true) return body;
  return { ...body, stream_options: { ...(body['stream_options'] as object | undefined), include_usage: true } };
}

function textOf({ delta, choices = [] }: z.infer<typeof Said>): string {
  return [delta, ...choices.map((choice) => choice.delta?.content)].join('');
}

function countsOf(usage: z.infer<typeof Usage>): NonNullable<Reading['counts']> {
  const details = usage.input_tokens_details ?? usage.prompt_tokens_details;
  const all = usage.input_tokens ?? usage.prompt_tokens;
  const cacheRead = details?.cached_tokens ?? 0;
  const cacheWrite = details?.cache_write_tokens ?? 0;
  return definedOf({
    input: all === null || all === undefined ? undefined : Math.max(all - cacheRead - cacheWrite, 0),
    output: usage.output_tokens ?? usage.completion_tokens,
    cacheRead,
    cacheWrite,
  });
}

function errorType({ kind }: Omit<ModelError, 'message'>): { type: string; code: string | null } {
  const types = {
    budget: { type: 'insufficient_quota', code: 'insufficient_quota' },
    authentication: { type: 'invalid_request_error', code: 'invalid_api_key' },
    permission: { type: 'invalid_request_error', code: 'permission_denied' },
    rate: { type: 'requests', code: 'rate_limit_exceeded' },
    upstream: { type: 'server_error', code: null },
    request: { type: 'invalid_request_error', code: null },
  };
  return types[kind];
}

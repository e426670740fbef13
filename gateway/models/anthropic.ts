import { z } from 'zod';
import type { ModelApi, ModelError, Reading } from './model-api.ts';
import { definedOf, Tokens } from './tokens.ts';

/** Without it, the endpoint does not take the access token of a subscription. */
const oauthBeta = 'oauth-2025-04-20';

const Usage = z.object({
  input_tokens: Tokens,
  output_tokens: Tokens,
  cache_read_input_tokens: Tokens,
  cache_creation_input_tokens: Tokens,
  cache_creation: z.object({ ephemeral_1h_input_tokens: Tokens }).nullish(),
});

const Message = z.object({ model: z.string().optional(), usage: Usage.optional() });

const Delta = z.object({ text: z.string(), partial_json: z.string(), thinking: z.string() }).partial();

/** The messages of a stream, by `type`, and the answer in one piece, whose type is `message`. */
const Said = z.discriminatedUnion('type', [
  Message.extend({ type: z.literal('message') }),
  z.object({ type: z.literal('message_start'), message: Message }),
  z.object({ type: z.literal('content_block_delta'), delta: Delta }),
  z.object({ type: z.literal('message_delta'), usage: Usage.optional() }),
]);

/** Anthropic's Messages API. */
export const anthropic: ModelApi = {
  id: 'anthropic',
  prefix: '/v1',
  upstreamPrefix: '/v1',
  routes: [
    { method: 'POST', path: /^\/messages$/, generates: true },
    { method: 'POST', path: /^\/messages\/count_tokens$/, generates: false },
    { method: 'GET', path: /^\/models(\/[\w.:-]+)?$/, generates: false },
  ],
  authenticate(credential, betaHeader) {
    if (credential.kind === 'anthropic_api_key') return { 'x-api-key': credential.apiKey };
    if (credential.kind !== 'anthropic_oauth') return undefined;
    return { authorization: `Bearer ${credential.accessToken}`, 'anthropic-beta': withBeta(betaHeader) };
  },
  errorBody: (error) => ({ type: 'error', error: { type: errorType(error), message: error.message } }),
  trial: { path: '/v1/models?limit=1', headers: { 'anthropic-version': '2023-06-01' } },
  // What takes no subscriptions says so with 401, too, and that says nothing about this one.
  isRefusal: (status, body) => status === 401 && !body.includes('OAuth authentication is currently not supported'),
  read(message) {
    const { data: said } = Said.safeParse(message);
    switch (said?.type) {
      case 'message':
        return { ...readMessage(said), isLast: said.usage !== undefined };
      case 'message_start':
        return readMessage(said.message);
      case 'content_block_delta':
        return { characters: Object.values(said.delta).join('').length };
      case 'message_delta':
        return { counts: said.usage && countsOf(said.usage), isLast: said.usage !== undefined };
      case undefined:
        return {};
    }
  },
};

function readMessage({ model, usage }: z.infer<typeof Message>): Reading {
  return { model, counts: usage && countsOf(usage) };
}

function countsOf(usage: z.infer<typeof Usage>): NonNullable<Reading['counts']> {
  return definedOf({
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheRead: usage.cache_read_input_tokens,
    cacheWrite: usage.cache_creation_input_tokens,
    cacheWriteLong: usage.cache_creation?.ephemeral_1h_input_tokens,
  });
}

function withBeta(given: string | undefined): string {
  const betas = (given ?? '').split(',').map((beta) => beta.trim());
  return [...new Set([...betas, oauthBeta])].filter((beta) => beta !== '').join(',');
}

function errorType({ kind }: ModelError): string {
  const types = {
    budget: 'billing_error',
    authentication: 'authentication_error',
    permission: 'permission_error',
    rate: 'rate_limit_error',
    upstream: 'api_error',
    request: 'invalid_request_error',
  };
  return types[kind];
}

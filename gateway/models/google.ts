import { z } from 'zod';
import type { ModelApi, ModelError, Reading } from './model-api.ts';
import { definedOf, Tokens } from './tokens.ts';

/** The prompt's count includes what came from the cache; thinking is output, and not among the candidates' tokens. */
const Usage = z.object({
  promptTokenCount: Tokens,
  toolUsePromptTokenCount: Tokens,
  cachedContentTokenCount: Tokens,
  candidatesTokenCount: Tokens,
  thoughtsTokenCount: Tokens,
});

const Candidate = z.object({
  content: z.object({ parts: z.array(z.object({ text: z.string().optional() })).optional() }).optional(),
  finishReason: z.string().nullish(),
});

const Said = z.object({
  modelVersion: z.string().optional(),
  usageMetadata: Usage.optional(),
  candidates: z.array(Candidate).optional().catch(undefined),
});

const model = String.raw`\/v1(alpha|beta)?\/models\/[\w.-]+`;

/** Google's Gemini API. */
export const google: ModelApi = {
  id: 'google',
  prefix: '/gemini',
  upstreamPrefix: '',
  routes: [
    { method: 'POST', path: new RegExp(`^${model}:(generateContent|streamGenerateContent)$`), generates: true },
    { method: 'POST', path: new RegExp(`^${model}:countTokens$`), generates: false },
    { method: 'GET', path: /^\/v1(alpha|beta)?\/models(\/[\w.-]+)?$/, generates: false },
  ],
  authenticate: (credential) =>
    credential.kind === 'google_api_key' ? { 'x-goog-api-key': credential.apiKey } : undefined,
  errorBody: (error) => ({ error: { code: error.status, message: error.message, status: errorStatus(error) } }),
  trial: { path: '/v1beta/models?pageSize=1' },
  isRefusal: (status, body) => status === 401 || (status === 400 && body.includes('API_KEY_INVALID')),
  read(message) {
    // A stream without `alt=sse` is one JSON array.
    if (Array.isArray(message)) return message.map(readOne).reduce(merge, {});
    return readOne(message);
  },
};

function readOne(message: unknown): Reading {
  const { data: said } = Said.safeParse(message);
  if (!said) return {};
  const { modelVersion, usageMetadata, candidates = [] } = said;
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  return {
    model: modelVersion,
    counts: usageMetadata && countsOf(usageMetadata),
    characters: parts.map(({ text }) => text ?? '').join('').length,
    isLast: usageMetadata !== undefined && candidates.some(({ finishReason }) => Boolean(finishReason)),
  };
}

function merge(before: Reading, { model, counts, characters = 0, isLast }: Reading): Reading {
  return {
    model: model ?? before.model,
    counts: { ...before.counts, ...counts },
    characters: (before.characters ?? 0) + characters,
    isLast: isLast || before.isLast,
  };
}

function countsOf(usage: z.infer<typeof Usage>): NonNullable<Reading['counts']> {
  const cacheRead = usage.cachedContentTokenCount ?? 0;
  const input = (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0);
  const output = (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0);
  return definedOf({ input: Math.max(input - cacheRead, 0), output, cacheRead });
}

function errorStatus({ kind }: ModelError): string {
  const statuses = {
    budget: 'RESOURCE_EXHAUSTED',
    authentication: 'UNAUTHENTICATED',
    permission: 'PERMISSION_DENIED',
    rate: 'RESOURCE_EXHAUSTED',
    upstream: 'UNAVAILABLE',
    request: 'INVALID_ARGUMENT',
  };
  return statuses[kind];
}

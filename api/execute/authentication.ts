/** The forms in which requests bring their credential. */
import { z } from 'zod';
import type { ModelApi } from '../../agent-host/agents/agent.ts';
import { CredentialName, CredentialValue } from '../../store/credential-value.ts';
import { problemAt } from '../problems.ts';

/** The name of a stored credential, a value that came with the request, or neither. */
export interface Authentication {
  name?: string;
  value?: CredentialValue;
}

const field = 'codingAssistantAuthentication';

/** So long a token is taken to live that does not say how long it does. */
const usualLifeMs = 24 * 3_600_000;

const Oauth = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullish(),
  expiresAt: z.coerce.number().nullish(),
  scopes: z.array(z.string()).nullish(),
});
const Wrapped = z.object({ claudeAiOauth: Oauth });
const Key = z.union([
  z.object({ apiKey: z.string() }).transform(({ apiKey }) => apiKey),
  z.object({ OPENAI_API_KEY: z.string() }).transform((file) => file.OPENAI_API_KEY),
]);

/**
 * Reads `{claudeAiOauth: …}`, its inner part alone, `{apiKey}`, these as text, a key or token as it is, the name of a stored
 * credential, and `FROM_ENV` or nothing, which leave the choice to us. Fails with `invalid_credential`; the words for that never
 * hold what was given.
 */
export function readAuthentication(
  given: string | object | undefined,
  model: ModelApi | null,
  now: Date,
): Authentication {
  if (given === undefined || given === '' || given === 'FROM_ENV') return {};
  if (typeof given === 'object') return { value: fromObject(given, model, now) };
  const text = given.trim();
  if (text.startsWith('{')) return { value: fromObject(parse(text), model, now) };
  if (!text.startsWith('sk-') && CredentialName.safeParse(text).success) return { name: text };
  return { value: fromKey(text, model, now) };
}

function fromObject(given: unknown, model: ModelApi | null, now: Date): CredentialValue {
  const oauth = Wrapped.safeParse(given).data?.claudeAiOauth ?? Oauth.safeParse(given).data;
  if (oauth) return fromOauth(oauth, now);
  const { data: key } = Key.safeParse(given);
  if (key !== undefined) return fromKey(key, model, now);
  throw refusal('It is neither {"claudeAiOauth": {"accessToken": …}} nor {"apiKey": …}.');
}

function fromOauth(
  { accessToken, refreshToken, expiresAt, scopes }: z.infer<typeof Oauth>,
  now: Date,
): CredentialValue {
  return check({
    kind: 'anthropic_oauth',
    ...{ accessToken, refreshToken: refreshToken ?? null, scopes: scopes ?? [] },
    expiresAt: expiresAt ?? now.getTime() + usualLifeMs,
  });
}

/** Anthropic's keys tell by their beginning what they are. */
function fromKey(apiKey: string, model: ModelApi | null, now: Date): CredentialValue {
  if (apiKey.startsWith('sk-ant-oat')) return fromOauth({ accessToken: apiKey }, now);
  const api = apiKey.startsWith('sk-ant-') ? 'anthropic' : (model ?? 'anthropic');
  return check({ kind: `${api}_api_key`, apiKey });
}

function check(value: unknown): CredentialValue {
  const parsed = CredentialValue.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refusal(`${issue?.path.join('.')}: ${issue?.message}.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusal('It begins as JSON, and is none.');
  }
}

function refusal(why: string): Error {
  return problemAt('invalid_credential', field, `The credential cannot be used. ${why}`);
}

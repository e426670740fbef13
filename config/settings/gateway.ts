/** The only door out of an agent's container: where it leads. */
import { SocketAddress } from 'node:net';
import { z } from 'zod';
import { HostPattern } from '../../store/door-policy.ts';

const HostPatterns = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((host) => host.trim()))
  .transform((hosts) => hosts.filter((host) => host !== ''))
  .pipe(z.array(HostPattern));

const HttpUrl = z.url({ protocol: /^https?$/ });

const PricePerMillion = z.number().min(0).max(1_000_000);

/** US dollars per million tokens. */
const Rates = z.strictObject({
  input: PricePerMillion,
  output: PricePerMillion,
  cacheRead: PricePerMillion.optional(),
  cacheWrite: PricePerMillion.optional(),
  /** A cache entry that is kept for an hour. */
  cacheWriteLong: PricePerMillion.optional(),
});

/** What a model costs; some cost more for the whole call when the prompt is long. */
export const ModelPrice = Rates.extend({ longPrompt: Rates.extend({ aboveTokens: z.int().positive() }).optional() });
export type ModelPrice = z.infer<typeof ModelPrice>;

const ModelPrices = z
  .string()
  .default('{}')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('must be a JSON object');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), ModelPrice));

export const gatewaySettings = z.object({
  PAWL_HOST_ID: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .optional()
    .describe('Name of this host among those that run agents. Made on first run.'),
  ANTHROPIC_BASE_URL: HttpUrl.default('https://api.anthropic.com').describe(
    'Where calls to Claude go: the official endpoint, or a proxy of your own.',
  ),
  OPENAI_BASE_URL: HttpUrl.default('https://api.openai.com/v1').describe(
    "Where calls in OpenAI's words go, with the version in its path; a model of your own speaks them, too.",
  ),
  GOOGLE_GEMINI_BASE_URL: HttpUrl.default('https://generativelanguage.googleapis.com').describe(
    'Where calls to Gemini go.',
  ),
  ANTHROPIC_OAUTH_TOKEN_URL: HttpUrl.default('https://platform.claude.com/v1/oauth/token').describe(
    'Where the access token of a Claude subscription is renewed.',
  ),
  ANTHROPIC_OAUTH_CLIENT_ID: z
    .string()
    .default('9d1c250a-e61b-44d9-88ed-5944d1962f5e')
    .describe("The program that subscriptions log in to, by its public id: Claude Code's."),
  MODEL_PRICES: ModelPrices.describe(
    'Prices that are missing or other than listed, as JSON: `{"my-model": {"input": 1.5, "output": 6, "cacheRead": 0.15}}`, in US dollars per million tokens.',
  ),
  EGRESS_ALLOW: HostPatterns.describe(
    'Hosts that agents may reach besides the package registries: `host.name` or `*.host.name`, comma-separated. Port 443 only.',
  ),
  EGRESS_ALLOW_PRIVATE: HostPatterns.describe(
    'Those of the allowed hosts that may have private addresses, like a registry of your own.',
  ),
  EGRESS_TUNNEL_MB: z.coerce
    .number()
    .int()
    .positive()
    .default(2048)
    .describe('Megabytes that one connection of an agent may carry, both ways together.'),
  EGRESS_TUNNEL_MINUTES: z.coerce
    .number()
    .positive()
    .max(1440)
    .default(60)
    .describe('Minutes that one connection of an agent may last.'),
  GATEWAY_METRICS_ADDRESS: z
    .string()
    .refine((text) => text === 'off' || SocketAddress.parse(text), 'must be an address and port, or off')
    .default('127.0.0.1:9465')
    .describe("Address of the gateway's Prometheus metrics; `off` for none."),
});

/** What a named credential may hold. */
import { z } from 'zod';

const Secret = z
  .string()
  .min(8)
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces');

/** How a credential is called; the name becomes part of a secret's name. */
export const CredentialName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'must be 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit',
  );

/** A credential's value, by kind. Never logged, never answered: it goes into the store and, from there, upstream only. */
export const CredentialValue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('anthropic_api_key'), apiKey: Secret }),
  z.strictObject({
    kind: z.literal('anthropic_oauth'),
    accessToken: Secret,
    /** Without one, the access token serves until it expires. */
    refreshToken: Secret.nullable().default(null),
    /** Milliseconds since 1970, as the agents' own credential files have it. */
    expiresAt: z.int().min(0),
    scopes: z.array(z.string().max(200)).max(50).default([]),
  }),
  z.strictObject({ kind: z.literal('openai_api_key'), apiKey: Secret }),
  z.strictObject({ kind: z.literal('google_api_key'), apiKey: Secret }),
  z.strictObject({
    kind: z.literal('git_token'),
    token: Secret,
    username: z.string().min(1).max(200).default('x-access-token'),
  }),
]);

export type CredentialValue = z.infer<typeof CredentialValue>;
export type CredentialKind = CredentialValue['kind'];
export type OauthCredential = Extract<CredentialValue, { kind: 'anthropic_oauth' }>;

export const credentialKinds = CredentialValue.options.map(({ shape }) => shape.kind.value) as [
  CredentialKind,
  ...CredentialKind[],
];

/** Which kinds open which model API. */
export const modelCredentialKinds = {
  anthropic: ['anthropic_api_key', 'anthropic_oauth'],
  openai: ['openai_api_key'],
  google: ['google_api_key'],
} as const satisfies Record<string, readonly CredentialKind[]>;

/** The kinds that open this model API; for `null`, which may be any of them, all that open one. */
export function kindsFor(model: keyof typeof modelCredentialKinds | null): readonly CredentialKind[] {
  return model === null ? Object.values(modelCredentialKinds).flat() : modelCredentialKinds[model];
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readAuthentication } from '../../api/execute/authentication.ts';
import { Problem } from '../../api/problems.ts';

const now = new Date('2026-11-21T20:00:00Z');
const tomorrow = now.getTime() + 24 * 3_600_000;
const token = 'sk-ant-oat01-a-token';
const refresh = 'sk-ant-ort01-a-token';

const oauth = (differences: object = {}) => ({
  value: {
    ...{ kind: 'anthropic_oauth', accessToken: token, refreshToken: refresh, expiresAt: tomorrow, scopes: [] },
    ...differences,
  },
});
const claudeAiOauth = { accessToken: token, refreshToken: refresh };
const full = {
  ...claudeAiOauth,
  expiresAt: 5,
  scopes: ['user:inference'],
  subscriptionType: 'max',
  rateLimitTier: 'x',
};

const forms: [what: string, given: string | object | undefined, read: object][] = [
  ['nothing', undefined, {}],
  ['FROM_ENV', 'FROM_ENV', {}],
  ['the file of Claude Code', { claudeAiOauth: full }, oauth({ expiresAt: 5, scopes: ['user:inference'] })],
  ['the same as text', JSON.stringify({ claudeAiOauth: full }), oauth({ expiresAt: 5, scopes: ['user:inference'] })],
  ['tokens without their wrapping', claudeAiOauth, oauth()],
  ['these as text', ` ${JSON.stringify(claudeAiOauth)}\n`, oauth()],
  ['an access token', token, oauth({ refreshToken: null })],
  [
    'an object with a key',
    { apiKey: 'sk-ant-api03-k' },
    { value: { kind: 'anthropic_api_key', apiKey: 'sk-ant-api03-k' } },
  ],
  ['this as text', '{"apiKey":"sk-ant-api03-k"}', { value: { kind: 'anthropic_api_key', apiKey: 'sk-ant-api03-k' } }],
  ['a key', 'sk-ant-api03-k', { value: { kind: 'anthropic_api_key', apiKey: 'sk-ant-api03-k' } }],
  ['the name of a stored credential', 'my-key.2', { name: 'my-key.2' }],
];

describe('codingAssistantAuthentication', () => {
  for (const [what, given, read] of forms) {
    it(`may be ${what}`, () => assert.deepEqual(readAuthentication(given, 'anthropic', now), read));
  }

  it('of Codex may be its key, or its file', () => {
    const read = { value: { kind: 'openai_api_key', apiKey: 'sk-proj-a-key' } };
    assert.deepEqual(readAuthentication('sk-proj-a-key', 'openai', now), read);
    assert.deepEqual(readAuthentication({ OPENAI_API_KEY: 'sk-proj-a-key' }, 'openai', now), read);
  });

  it('is read or refused, whatever it is, and a refusal does not repeat it', () => {
    const secret = 'hunter2hunter2';
    const given = fc.oneof(
      fc.string().map((text) => `{${text}${secret}`),
      fc.constantFrom(`sk-ant-${secret} x`, `Bearer ${secret}`, `${secret}\n${secret}`, `["${secret}"]`),
      fc.dictionary(fc.string(), fc.constant(secret)),
      fc.record({ claudeAiOauth: fc.dictionary(fc.string(), fc.constant(secret)) }),
    );
    fc.assert(
      fc.property(given, (value) => {
        try {
          readAuthentication(value, 'anthropic', now);
        } catch (error) {
          assert.ok(error instanceof Problem && error.code === 'invalid_credential');
          assert.ok(!JSON.stringify([error.message, error.details, error.extensions]).includes(secret));
        }
      }),
    );
  });
});

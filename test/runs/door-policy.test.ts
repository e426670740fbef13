/** Which models a run may use through its door, by its agent and its credential. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doorPolicyOf } from '../../activities/door-policy.ts';
import type { DoorOrder } from '../../workflows/contract/run-steps.ts';

const stored = [
  { name: 'anthropic', kind: 'anthropic_api_key' },
  { name: 'google', kind: 'git_token' },
  { name: 'team', kind: 'openai_api_key' },
] as const;

function models(agent: DoorOrder['agent'], modelCredential: string | null) {
  return doorPolicyOf({ agent, modelCredential, limits: { tokens: null, costMicros: null } }, stored).models;
}

describe('the models of a run', () => {
  it('are those of the one API that its agent speaks', () => {
    assert.deepEqual(models('claude', 'anthropic'), { anthropic: 'anthropic' });
    assert.deepEqual(models('codex', null), { openai: null });
  });

  for (const agent of ['acp', 'command'] as const) {
    it(`are, for ${agent}, those of the credential that was named`, () => {
      assert.deepEqual(models(agent, 'team'), { openai: 'team' });
    });

    it(`are, for ${agent} without a named one, each API's with the credential of its name, if there is one that fits`, () => {
      assert.deepEqual(models(agent, null), { anthropic: 'anthropic', openai: null, google: null });
    });
  }
});

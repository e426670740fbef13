import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { agentSettings } from '../../config/settings/agents.ts';
import { readSettings, SettingsError } from '../../config/settings.ts';

describe('AGENTS', () => {
  it('knows every agent that the image can hold, and no other', () => {
    const packages = readdirSync(path.join(import.meta.dirname, '../../agent-host/image/packages'));
    const { AGENTS } = readSettings(agentSettings, {
      AGENTS: packages.map((name) => ` ${name.toUpperCase()}`).join(','),
    });
    assert.deepEqual(AGENTS, packages);
    assert.throws(() => readSettings(agentSettings, { AGENTS: 'claude,$(id)' }), SettingsError);
  });
});

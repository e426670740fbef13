import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCliConfig } from '../../cli/config.ts';
import { workerPorts } from '../../cli/ports.ts';
import { readSettings } from '../../config/settings.ts';
import { workerSettings } from '../../workers/config.ts';

function codecServerOf(environment: NodeJS.ProcessEnv) {
  const { inherited, settings } = readCliConfig({ WORKER_METRICS_ADDRESS: 'off', ...environment });
  const { CODEC_SERVER_PORT } = readSettings(workerSettings, inherited);
  return { port: CODEC_SERVER_PORT, needed: workerPorts(settings).map(({ port }) => port) };
}

describe('the codec server of an embedded installation', () => {
  it('comes with the Web UI', () => {
    assert.deepEqual(codecServerOf({}), { port: 3102, needed: [3102] });
    assert.deepEqual(codecServerOf({ CODEC_SERVER_PORT: '4102' }), { port: 4102, needed: [4102] });
  });

  it('stays away where there is none, whatever port is set', () => {
    const without = { port: undefined, needed: [] };
    assert.deepEqual(codecServerOf({ TEMPORAL_UI: 'off' }), without);
    assert.deepEqual(codecServerOf({ TEMPORAL_UI: 'off', CODEC_SERVER_PORT: '4102' }), without);
  });
});

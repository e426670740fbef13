import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { readCliConfig } from '../../cli/config.ts';
import { workerPorts } from '../../cli/ports.ts';
import { workerProcess } from '../../engine/pawl-processes.ts';

function portsOf(environment: NodeJS.ProcessEnv) {
  return workerPorts(readCliConfig({ TEMPORAL_UI: 'off', ...environment }).settings);
}

describe("the port of the worker's metrics", () => {
  it('is looked at before the worker starts: whoever has it is no surprise later', async () => {
    const theirs = createServer().listen(0, '127.0.0.1');
    await once(theirs, 'listening');
    try {
      const { port } = theirs.address() as AddressInfo;
      const ports = portsOf({ WORKER_METRICS_ADDRESS: `127.0.0.1:${port}` });

      await assert.rejects(async () => workerProcess({ env: {}, ports }).prepare?.(), {
        name: 'SetupError',
        message: `Port ${port} on 127.0.0.1 is in use by another program. Choose another with WORKER_METRICS_ADDRESS, or set it to off.`,
      });
    } finally {
      theirs.close();
    }
  });

  it('is the one that the worker listens on', () => {
    const placesOf = (environment: NodeJS.ProcessEnv) => portsOf(environment).map(({ host, port }) => ({ host, port }));

    assert.deepEqual(placesOf({}), [{ host: '127.0.0.1', port: 9464 }]);
    assert.deepEqual(placesOf({ WORKER_METRICS_ADDRESS: '[::1]:9500' }), [{ host: '::1', port: 9500 }]);
    assert.deepEqual(placesOf({ WORKER_METRICS_ADDRESS: 'off' }), []);
  });
});

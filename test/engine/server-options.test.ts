import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ServerOptions, serverArguments } from '../../engine/temporal/server-options.ts';

const options: ServerOptions = {
  databaseFile: '/home/temporal.db',
  ip: '127.0.0.1',
  port: 7233,
  uiPort: undefined,
  namespace: 'default',
  synchronous: 'FULL',
  codecEndpoint: 'http://127.0.0.1:3102',
  logLevel: 'warn',
};

describe('the embedded Temporal server', () => {
  it('listens on loopback, commits as durably as it is told, and is tuned for one node', () => {
    const line = serverArguments(options).join(' ');

    assert.match(line, /^server start-dev --ip 127\.0\.0\.1 --port 7233 --db-filename \/home\/temporal\.db /);
    assert.match(line, /--sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=FULL/);
    assert.match(line, /--dynamic-config-value history\.transferProcessorMaxPollRPS=1000/);
    assert.match(line, /--dynamic-config-value limit\.maxIDLength=255/);
  });

  it('has a Web UI that decrypts for the operator where one is wanted, and none elsewhere', () => {
    const headless = serverArguments(options).join(' ');
    const withUi = serverArguments({ ...options, uiPort: 8233 }).join(' ');

    assert.match(headless, /--headless/);
    assert.doesNotMatch(headless, /--ui-/);
    assert.match(withUi, /--ui-port 8233 .*--ui-codec-endpoint http:\/\/127\.0\.0\.1:3102/);
  });
});

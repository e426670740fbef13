import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machineProviders } from '../../activities/providers/index.ts';
import { apiSettings } from '../../api/config.ts';
import { withOwnSecrets } from '../../cli/own-secrets.ts';
import { gatewaySettings } from '../../gateway/config.ts';
import { routerSettings } from '../../local-cloud/config.ts';
import { workerSettings } from '../../workers/config.ts';

describe('the environment of a process', () => {
  const given = { PATH: '/bin', API_TOKEN: 'a', PAWL_SECRET_KEY: 'b', HCLOUD_TOKEN: 'c', DATABASE_URL: 'd' };

  it('holds the secrets that it reads, and those of nobody else', () => {
    const { PATH, PAWL_SECRET_KEY, DATABASE_URL, ...rest } = withOwnSecrets(given, gatewaySettings);
    assert.deepEqual([PATH, PAWL_SECRET_KEY, DATABASE_URL], ['/bin', 'b', 'd']);
    assert.deepEqual([rest.API_TOKEN, rest['HCLOUD_TOKEN']], [undefined, undefined]);
    const worker = withOwnSecrets(given, workerSettings, ...machineProviders.map(({ settings }) => settings));
    assert.deepEqual([worker.API_TOKEN, worker.PAWL_SECRET_KEY, worker['HCLOUD_TOKEN']], [undefined, 'b', 'c']);
    const api = withOwnSecrets(given, apiSettings);
    assert.deepEqual([api.API_TOKEN, api.PAWL_SECRET_KEY, api['HCLOUD_TOKEN']], ['a', 'b', undefined]);
    const known = Object.entries(withOwnSecrets(given, routerSettings)).filter(([, value]) => value !== undefined);
    assert.deepEqual(known, [['PATH', '/bin']]);
  });
});

/** Every machine provider of the list keeps the contract; and the list is complete. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { z } from 'zod';
import { machineProviders } from '../activities/providers/index.ts';
import { describeMachineProvider } from './contracts/machine-provider.ts';
import type { ProviderUnderTest } from './contracts/machine-provider.ts';
import { dockerUnderTest, openDockerProvider } from './support/docker-provider.ts';
import { openHetznerUnderTest } from './support/hetzner/hetzner-under-test.ts';

const hetzner = await openHetznerUnderTest();

/** How each provider is put to the test; one without a line here does not pass. */
const underTest: Record<string, ProviderUnderTest> = { docker: dockerUnderTest, hetzner: hetzner.provider };

before(() => openDockerProvider('test').prepare?.(() => undefined));
after(() => hetzner.close());

describe('the list of machine providers', () => {
  it('has one line for each file; what else a provider needs lies in a folder of its name', () => {
    const folder = path.join(import.meta.dirname, '../activities/providers');
    const around = [
      'index.ts',
      'provider.ts',
      'machine-images.ts',
      'breaker.ts',
      'with-breaker.ts',
      ...machineProviders.map(({ id }) => id),
    ];
    const files = readdirSync(folder).filter((file) => !around.includes(file));
    const listed = machineProviders.map(({ id }) => `${id}.ts`);
    assert.deepEqual(files.sort(), listed.sort());
  });

  it('has no provider that is not put to the test', () => {
    assert.deepEqual(machineProviders.map(({ id }) => id).sort(), Object.keys(underTest).sort());
  });

  it('describes every setting', () => {
    for (const { settings } of machineProviders) {
      for (const [name, setting] of Object.entries<z.ZodType>(settings.shape)) assert.ok(setting.description, name);
    }
  });
});

for (const [id, provider] of Object.entries(underTest)) describeMachineProvider(id, provider);

describe('machine provider: hetzner, all through the suite', () => {
  it('spoke with Hetzner as Hetzner’s own document says', () => {
    assert.deepEqual(hetzner.violations, []);
  });
});

describe('machine provider: docker, without an engine', () => {
  it('says what to do, and fails in a way that is worth repeating', async () => {
    const socket = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    try {
      const provider = openDockerProvider('test');
      assert.match((await provider.checkAvailability()).reason ?? '', /No Docker engine answers .*DOCKER_HOST/);
      await assert.rejects(provider.listMachines(), { type: 'ProviderUnavailable', nonRetryable: false });
    } finally {
      if (socket === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = socket;
    }
  });
});

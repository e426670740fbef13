/** A run whose image is being built: others may wait for the same build. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createRunnerActivities } from '../../activities/runner.ts';
import { createRunnerPlaces } from '../../activities/runner-places.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { openGateway, testHostId } from '../support/gateway.ts';

describe('a run that waits for the image of agents', () => {
  it('waits no longer once it is cancelled', async () => {
    await using pawl = await openGateway();
    const isBuilding = Promise.withResolvers<void>();
    const runner = createRunnerActivities({
      ...{ store: pawl.store, gateway: pawl.control, hostId: testHostId, places: createRunnerPlaces(1) },
      runs: { engine: openDockerEngine(), installation: 'pawl-test', limits: { cpus: 1, memoryBytes: 1024 ** 3 } },
      ensureImage: () => {
        isBuilding.resolve();
        return new Promise<never>(() => undefined);
      },
      tellPlace: () => Promise.reject(new Error('no place is held')),
    });
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const order = {
      ...{ runId: 'run-aaaaaaaaaa', agent: 'command' as const, modelCredential: null },
      limits: { tokens: null, costMicros: null },
    };
    const waiting = environment.run((given: typeof order) => runner.ensureAgentContainer(given), order);
    await isBuilding.promise;
    environment.cancel();
    await assert.rejects(waiting, CancelledFailure);
  });
});

/** A run whose image is being built: others may wait for the same build. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createRunnerActivities } from '../../activities/runner.ts';
import { createRunnerPlaces } from '../../activities/runner-places.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { openGateway, testHostId, type TestGateway } from '../support/gateway.ts';

const order = {
  ...{ runId: 'run-aaaaaaaaaa', agent: 'command' as const, modelCredential: null },
  limits: { tokens: null, costMicros: null },
};

describe('a run that waits for the image of agents', () => {
  it('waits no longer once it is cancelled', async () => {
    await using pawl = await openGateway();
    const isBuilding = Promise.withResolvers<void>();
    const { environment, waiting } = waitForImage(pawl, () => {
      isBuilding.resolve();
      return new Promise<never>(() => undefined);
    });
    await isBuilding.promise;
    environment.cancel();
    await assert.rejects(waiting, CancelledFailure);
  });

  it('gives its place back, with the reason, when the image cannot be built for long', async () => {
    await using pawl = await openGateway();
    const refuse = () => Promise.reject(new Error('npm ci did not succeed'));
    const message = 'The image that agents work in cannot be built: npm ci did not succeed';
    const unavailable = { type: 'RunnerUnavailable', message };
    await assert.rejects(waitForImage(pawl, refuse).waiting, { ...unavailable, nonRetryable: false });
    const longAgo = Date.now() - 21 * 60_000;
    await assert.rejects(waitForImage(pawl, refuse, longAgo).waiting, { ...unavailable, nonRetryable: true });
  });

  it('waits on for an engine that is away', async () => {
    await using pawl = await openGateway();
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const longAgo = Date.now() - 21 * 60_000;
    const { waiting } = waitForImage(pawl, () => Promise.reject(away), longAgo);
    const message = 'The Docker engine says: connect ECONNREFUSED';
    await assert.rejects(waiting, { type: 'RunnerUnavailable', message, nonRetryable: false });
  });
});

function waitForImage(
  { store, control }: TestGateway,
  ensureImage: () => Promise<string>,
  scheduledTimestampMs = Date.now(),
) {
  const runner = createRunnerActivities({
    ...{ store, gateway: control, hostId: testHostId, places: createRunnerPlaces(1), ensureImage },
    runs: { engine: openDockerEngine(), installation: 'pawl-test', limits: { cpus: 1, memoryBytes: 1024 ** 3 } },
    tellPlace: () => Promise.reject(new Error('no place is held')),
  });
  const environment = new MockActivityEnvironment({ scheduledTimestampMs }, { logger: new DefaultLogger('ERROR') });
  const waiting = environment.run((given: typeof order) => runner.ensureAgentContainer(given), order);
  return { environment, waiting };
}

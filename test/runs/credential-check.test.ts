/** What a run's steps make of a provider's word, at hosts with a gateway and without. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { checkRunCredentials } from '../../activities/credential-check.ts';
import { createRunnerActivities } from '../../activities/runner.ts';
import { createRunnerPlaces } from '../../activities/runner-places.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { openGateway, testHostId, type TestGateway } from '../support/gateway.ts';
import { isFailure } from '../support/is-failure.ts';
import { sendJson, type Answer } from '../support/model-upstream.ts';

const refusing: Answer = (_, response) => sendJson(response, 401, {});
const run = { agent: 'claude', modelCredential: 'anthropic', repository: null } as const;
const limits = { tokens: null, costMicros: null };

describe('the credential of a run', () => {
  let pawl: TestGateway;
  before(async () => void (pawl = await openGateway()));
  beforeEach(async () => {
    pawl.upstream.answer((_, response) => sendJson(response, 200, {}));
    await pawl.store.credentials.put('anthropic', { kind: 'anthropic_api_key', apiKey: 'sk-ant-of-the-test' });
  });
  after(async () => pawl[Symbol.asyncDispose]());

  const withGateway = () => checkRunCredentials({ credentials: pawl.store.credentials, gateway: pawl.control }, run);
  const without = () =>
    checkRunCredentials({ credentials: pawl.store.credentials, gateway: connectToGateway(`${pawl.home}/none`) }, run);
  const note = async (why: string) => {
    const { version } = (await pawl.store.credentials.read('anthropic'))!;
    await pawl.store.credentials.report('anthropic', version, why);
  };

  it('is refused at once on the word of its provider', async () => {
    pawl.upstream.answer(refusing);
    const words = /^The credential "anthropic" does not work: Refused by anthropic \(401\)\.$/;
    await assert.rejects(withGateway(), isFailure('CredentialRefused', words));
  });

  it('is good although it was refused once, if its provider takes it again', async () => {
    await note('Refused by anthropic (401).');
    await withGateway();
    assert.equal((await pawl.store.credentials.read('anthropic'))?.failing, null);
  });

  it('is judged by what is noted of it where the provider says nothing, or no gateway can ask', async () => {
    pawl.upstream.answer((_, response) => sendJson(response, 503, {}));
    await withGateway();
    await without();
    await note('Refused by anthropic (401).');
    for (const check of [withGateway, without]) await assert.rejects(check(), isFailure('CredentialRefused'));
  });

  it('is asked about by the runner, too, before any container: it may be the only host with a gateway', async () => {
    const runner = createRunnerActivities({
      ...{ store: pawl.store, gateway: pawl.control, hostId: testHostId, places: createRunnerPlaces(1) },
      runs: { engine: openDockerEngine(), installation: 'pawl-test', limits: { cpus: 1, memoryBytes: 1024 ** 3 } },
      ensureImage: () => Promise.reject(new Error('no container is made')),
      tellPlace: () => Promise.reject(new Error('no place is held')),
    });
    const ensure = (runId: string, agent: 'claude' | 'command', modelCredential: string | null = 'anthropic') =>
      new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
        (order: Parameters<typeof runner.ensureAgentContainer>[0]) => runner.ensureAgentContainer(order),
        { runId, agent, modelCredential, limits },
      );

    const isTaken = /no container is made/;
    await assert.rejects(ensure('run-aaaaaaaaaa', 'claude'), isTaken);
    await pawl.store.credentials.put('anthropic', { kind: 'anthropic_api_key', apiKey: 'sk-ant-another-one' });
    pawl.upstream.answer(refusing);
    await assert.rejects(ensure('run-bbbbbbbbbb', 'command', null), isTaken);
    await assert.rejects(ensure('run-dddddddddd', 'command'), isFailure('CredentialRefused'));
    await assert.rejects(ensure('run-cccccccccc', 'claude'), isFailure('CredentialRefused'));
  });
});

/** Machines whose boot cannot succeed, and machines that nobody listens to. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BootReport } from '../../workflows/contract/workspace.schema.ts';
import { startTestMachine } from '../support/test-machine.ts';
import type { TestMachine } from '../support/test-machine.ts';

describe('a boot that fails', { timeout: 900_000 }, () => {
  let machine: TestMachine;
  let patience: AbortSignal;

  before(async () => {
    const values = { deadManMinutes: 0.25 };
    machine = await startTestMachine({ repositories: {}, clone: 'missing.git', values });
    patience = AbortSignal.timeout(150_000);
  });

  after(() => machine.close());

  it('ends at the step that failed and says so in git’s own words', async () => {
    const { body } = await machine.controlPlane.reportThat(
      ({ route, body }) => route === 'boot' && body['status'] === 'failed',
      patience,
    );
    const { step, message } = BootReport.parse(body);
    assert.equal(step, 'clone');
    assert.match(message ?? '', /repository '.*missing\.git\/' not found/);
    const later = machine.controlPlane.reports.filter(({ route }) => route === 'boot').at(-1);
    assert.equal(later?.body['status'], 'failed');
  });

  it('asks to be removed and powers itself off when nobody accepts its heartbeats any more', async () => {
    await machine.controlPlane.reportThat(({ route }) => route === 'heartbeat', patience);
    machine.controlPlane.answerWith(503);
    const { body } = await machine.controlPlane.reportThat(({ route }) => route === 'cleanup', patience);
    assert.deepEqual(body, { reason: 'error' });
    while ((await machine.state()) === 'running') await sleep(100, undefined, { signal: patience });
    assert.equal(await machine.state(), 'exited');
    assert.equal((await machine.provider.findMachine(machine.workspaceId))?.state, 'stopped');
  });
});

describe('a repository whose devcontainer cannot be had', { timeout: 900_000 }, () => {
  let machine: TestMachine;

  before(async () => {
    const configuration = JSON.stringify({ image: 'registry.invalid/no/such:image' });
    const repositories = { 'own.git': { '.devcontainer/devcontainer.json': configuration } };
    machine = await startTestMachine({ repositories, clone: 'own.git' });
  });

  after(() => machine.close());

  it('fails with what the devcontainer program says', async () => {
    const { body } = await machine.controlPlane.reportThat(
      ({ route, body }) => route === 'boot' && body['status'] === 'failed',
      AbortSignal.timeout(150_000),
    );
    assert.equal(body['step'], 'devcontainer');
    assert.match(String(body['message']), /registry\.invalid/);
  });
});

/** Reports to a control plane that restarts, refuses or is not there. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createBootReporter } from '../../cloud-init/on-machine/boot-reporter.ts';
import { sendReport } from '../../cloud-init/on-machine/control-plane.ts';
import type { MachineSettings } from '../../cloud-init/on-machine/machine.ts';
import { reasonIn } from '../../cloud-init/on-machine/steps/devcontainer.ts';
import { startControlPlaneStandIn } from '../support/control-plane-stand-in.ts';
import type { ControlPlaneStandIn } from '../support/control-plane-stand-in.ts';

describe('reports of a machine', () => {
  let controlPlane: ControlPlaneStandIn;
  let machine: MachineSettings;

  before(async () => {
    controlPlane = await startControlPlaneStandIn();
    machine = {
      workspaceId: 'ws-k3x9a1',
      machineApiUrl: `http://127.0.0.1:${controlPlane.port}/`,
      machineToken: 'a-token-of-this-machine',
      passwordHash: 'a-hash-of-its-password',
      deadManMinutes: 1,
    } as MachineSettings;
  });

  after(() => controlPlane.close());

  it('are repeated until they are accepted, in their order, while the boot goes on', async () => {
    const reporter = createBootReporter(machine);
    controlPlane.answerWith(503);
    reporter.report('clone', 'started');
    reporter.report('clone', 'failed', 'fatal: https://a:b@example.com said a-token-of-this-machine');
    await controlPlane.reportThat(({ body }) => body['seq'] === 1, AbortSignal.timeout(10_000));
    controlPlane.answerWith(202);
    await reporter.settled();
    const bodies = controlPlane.reports.map(({ body }) => body);
    assert.deepEqual(bodies.at(-2), { seq: 1, step: 'clone', status: 'started' });
    const message = 'fatal: https://***@example.com said ***';
    assert.deepEqual(bodies.at(-1), { seq: 2, step: 'clone', status: 'failed', message });
    assert.ok(bodies.length > 2);
  });

  it('end at an answer that will never be another', async () => {
    for (const [status, answer] of [
      [202, 'accepted'],
      [401, 'refused'],
      [404, 'refused'],
      [429, 'unanswered'],
      [500, 'unanswered'],
    ] as const) {
      controlPlane.answerWith(status);
      assert.equal(await sendReport(machine, { route: 'cleanup', body: { reason: 'error' } }), answer);
    }
  });

  it('to nobody are unanswered, and no error', async () => {
    const alone = { ...machine, machineApiUrl: 'http://127.0.0.1:1' };
    assert.equal(await sendReport(alone, { route: 'cleanup', body: { reason: 'error' } }), 'unanswered');
  });
});

describe('the reason of a failed devcontainer', () => {
  it('is the message of its result', () => {
    const output = 'some log\n{"outcome":"error","message":"No such image: x","description":"An error occurred."}\n';
    assert.equal(reasonIn(output), 'An error occurred.\nNo such image: x');
  });

  it('is unknown where there is no result', () => {
    assert.equal(reasonIn('Killed\n'), undefined);
    assert.equal(reasonIn(''), undefined);
  });
});

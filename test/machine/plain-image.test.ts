/** The same user-data on a distribution's own image, as a cloud rents it out: nothing of a workspace is installed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bootSteps, BootReport } from '../../workflows/contract/workspace.schema.ts';
import { ensurePlainImage } from '../support/plain-machine/image.ts';
import { startTestMachine, type TestMachine } from '../support/test-machine.ts';
import { basicAuthorization, visit } from '../support/visitor.ts';

describe('a workspace on a plain distribution image', { timeout: 1_200_000 }, () => {
  let machine: TestMachine;

  before(async () => {
    const imageName = await ensurePlainImage(() => undefined);
    const repositories = { 'hello.git': { 'README.md': '# hello\n' } };
    machine = await startTestMachine({ repositories, clone: 'hello.git', imageName });
  });

  after(() => machine.close());

  it('installs what it lacks and takes every boot step', async (test) => {
    const startedAt = performance.now();
    await machine.controlPlane.reportThat(
      ({ route, body }) =>
        route === 'boot' && (body['status'] === 'failed' || (body['step'] === 'ready' && body['status'] === 'done')),
      AbortSignal.timeout(900_000),
    );
    test.diagnostic(`ready after ${Math.round((performance.now() - startedAt) / 1000)} s`);
    const reports = machine.controlPlane.reports.filter(({ route }) => route === 'boot');
    const steps = reports.map(({ body }) => BootReport.parse(body));
    assert.deepEqual(
      steps.map(({ step, status, message }) => `${step} ${status}${message ? `: ${message}` : ''}`),
      bootSteps.flatMap((step) => [`${step} started`, `${step} done`]),
    );
  });

  it('serves the terminal behind TLS and password', async () => {
    assert.equal((await visit(machine, '/')).status, 401);
    const { status, body } = await visit(machine, '/', basicAuthorization(machine.username, machine.password));
    assert.equal(status, 200);
    assert.match(body, /<title>CloudCLI/);
  });

  it('has claude at hand, and the repository in a devcontainer', async () => {
    assert.match(await machine.run('runuser -u dev -- claude --version'), /\d+\.\d+\.\d+ \(Claude Code\)/);
    const container = await machine.run('docker ps --quiet');
    assert.equal(await machine.run(`docker exec ${container} cat /workspaces/workspace/README.md`), '# hello');
  });

  it('opens no other door than 443 and the distribution’s own ssh', async () => {
    const listeners = await machine.run("ss -Hltn | awk '{print $4}' | grep -v -e '^127\\.' -e '^\\[::1\\]' | sort -u");
    assert.deepEqual(listeners.split('\n'), ['*:443', '0.0.0.0:22', '[::]:22']);
  });
});

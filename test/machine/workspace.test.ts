/** One real machine, from its first boot step to nothing left. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { BootReport, HeartbeatReport } from '../../workflows/contract/workspace.schema.ts';
import { dockerThings } from '../support/docker.ts';
import { startTestMachine } from '../support/test-machine.ts';
import type { TestMachine } from '../support/test-machine.ts';
import { logIn, outputOf } from '../support/terminal.ts';
import { basicAuthorization, visit } from '../support/visitor.ts';

describe('a workspace on a local machine', { timeout: 900_000 }, () => {
  let machine: TestMachine;
  let patience: AbortSignal;

  before(async () => {
    machine = await startTestMachine({
      repositories: { 'hello.git': { 'README.md': '# hello\n' } },
      clone: 'hello.git',
    });
    patience = AbortSignal.timeout(150_000);
    await machine.controlPlane.reportThat(
      ({ route, body }) =>
        route === 'boot' && (body['status'] === 'failed' || (body['step'] === 'ready' && body['status'] === 'done')),
      patience,
    );
  });

  after(() => machine.close());

  function bootReports(): BootReport[] {
    return machine.controlPlane.reports
      .filter(({ route }) => route === 'boot')
      .map(({ body }) => BootReport.parse(body));
  }

  async function idleReport(matches: (report: HeartbeatReport) => boolean): Promise<HeartbeatReport> {
    const from = machine.controlPlane.reports.length;
    const report = await machine.controlPlane.reportThat(
      (one) =>
        one.route === 'heartbeat' &&
        machine.controlPlane.reports.indexOf(one) >= from &&
        matches(HeartbeatReport.parse(one.body)),
      patience,
    );
    return HeartbeatReport.parse(report.body);
  }

  it('takes every boot step in order and tells of each, numbered', () => {
    const expected = bootSteps.flatMap((step) => [`${step} started`, `${step} done`]);
    assert.deepEqual(
      bootReports().map(({ step, status, message }) => `${step} ${status}${message ? `: ${message}` : ''}`),
      expected,
    );
    assert.deepEqual(
      bootReports().map(({ seq }) => seq),
      expected.map((_, index) => index + 1),
    );
  });

  it('signs every report with its own token', () => {
    const { reports } = machine.controlPlane;
    assert.ok(reports.every(({ authorization }) => authorization === `Bearer ${machine.token}`));
    assert.ok(reports.every(({ workspaceId }) => workspaceId === machine.workspaceId));
  });

  it('lets nobody in without the password, and hands no cookie out with the refusal', async () => {
    for (const headers of [{}, basicAuthorization(machine.username, 'wrong'), { cookie: 'pawl_session=guess' }]) {
      const answer = await visit(machine, '/', headers);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
  });

  it('serves the terminal under `ui.` alone', async () => {
    const other = { ...machine, hostname: machine.hostname.replace(/^ui/, 'app') };
    const answer = await visit(other, '/', basicAuthorization(machine.username, machine.password));
    assert.equal(answer.status, 404);
  });

  it('closes the connection of who asks the router for an unknown name', async () => {
    await assert.rejects(visit({ ...machine, hostname: 'ui.ws-000000.vm.localhost' }, '/'));
    await assert.rejects(visit({ ...machine, hostname: 'localhost' }, '/'));
  });

  it('asks for the password once: afterwards the cookie counts, and the password does not reach the terminal', async () => {
    const { cookie } = await logIn(machine, machine);
    const withBoth = { cookie, ...basicAuthorization(machine.username, machine.password) };
    for (const headers of [{ cookie }, withBoth]) {
      const answer = await visit(machine, '/api/projects', headers);
      assert.match(answer.body, /No token provided/);
    }
  });

  it('takes the same name and password at the terminal’s own login, and shows the repository as a project', async () => {
    const { cookie, token } = await logIn(machine, machine);
    const projects = await visit(machine, '/api/projects', { cookie, authorization: `Bearer ${token}` });
    const [project] = JSON.parse(projects.body) as { path: string; displayName: string }[];
    assert.equal(project?.path, '/workspace');
    assert.equal(project?.displayName, 'hello');
  });

  it('gives a shell in the repository, where claude is at hand and no API key is set', async () => {
    const session = await logIn(machine, machine);
    const script = 'cat README.md; claude --version; echo "key=<${ANTHROPIC_API_KEY-unset}>"; echo said-$((6*7))';
    const output = await outputOf(machine, session, script, /said-42/);
    assert.match(output, /# hello/);
    assert.match(output, /\d+\.\d+\.\d+ \(Claude Code\)/);
    assert.match(output, /key=<unset>/);
    await idleReport(({ keptAliveBy }) =>
      keptAliveBy.some(({ by, secondsAgo }) => by === 'terminal' && secondsAgo < 60),
    );
  });

  it('has no API key in any process, and keeps its secrets from the workspace’s user', async () => {
    assert.equal(await machine.run('grep -l ANTHROPIC_API_KEY /proc/[0-9]*/environ 2>/dev/null || true'), '');
    assert.equal(
      await machine.run('runuser -u dev -- cat /etc/pawl/machine.json /etc/caddy/pawl.json 2>/dev/null || true'),
      '',
    );
    assert.equal(await machine.run(`grep -rl ${machine.token} /var/log /run/log 2>/dev/null || true`), '');
  });

  it('listens on 443 alone to the outside', async () => {
    const listeners = await machine.run("ss -Hltn | awk '{print $4}' | grep -v -e '^127\\.' -e '^\\[::1\\]' | sort -u");
    assert.equal(listeners, '*:443');
  });

  it('runs the default devcontainer on the repository', async () => {
    const container = await machine.run('docker ps --quiet');
    assert.equal(await machine.run(`docker exec ${container} cat /workspaces/workspace/README.md`), '# hello');
  });

  it('is as idle as its last change is old', async () => {
    await machine.run('sleep 3; runuser -u dev -- touch -d 2001-01-01 /workspace/notes');
    const fresh = await idleReport(({ keptAliveBy }) =>
      keptAliveBy.some(({ by, secondsAgo }) => by === 'files' && secondsAgo <= 2),
    );
    assert.ok(fresh.idleSeconds <= 2);
    const files = ({ keptAliveBy }: HeartbeatReport) => keptAliveBy.find(({ by }) => by === 'files')?.secondsAgo ?? 0;
    const later = await idleReport((report) => files(report) >= 5);
    assert.ok(later.seq > fresh.seq);
  });

  it('leaves no container, volume or network when it is removed', async () => {
    await machine.provider.removeMachine(machine.workspaceId, patience);
    assert.deepEqual(await dockerThings(`io.pawl.installation=${machine.installation}`), []);
    await assert.rejects(visit(machine, '/'));
  });
});

/** A builder on a distribution's own image, and a workspace on the image that is made of it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { builderUserData } from '../../cloud-init/render-builder.ts';
import { until } from '../../engine/until.ts';
import { readBuilderReport } from '../../hetzner-cloud/builder-report.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { ensureLocalMachine } from '../../local-cloud/ensure-machine.ts';
import { MachineSizes } from '../../local-cloud/machine-sizes.ts';
import { removeLocalMachine } from '../../local-cloud/remove-machine.ts';
import { BootReport } from '../../workflows/contract/workspace.schema.ts';
import { docker } from '../support/docker.ts';
import { ensurePlainImage } from '../support/plain-machine/image.ts';
import { startTestMachine } from '../support/test-machine.ts';
import { visit } from '../support/visitor.ts';

const never = new AbortController().signal;

describe('a builder on a plain distribution image', { timeout: 1_800_000 }, () => {
  const installation = `test-${randomBytes(4).toString('hex')}`;
  const workspaceId = `ws-${randomBytes(3).toString('hex')}`;
  const baked = `pawl-test-baked:${workspaceId}`;
  const engine = openDockerEngine();
  const heard: string[] = [];
  const cleanup = new AsyncDisposableStack();

  before(async () => {
    const imageName = await ensurePlainImage(() => undefined);
    const sizes = MachineSizes.parse('small=2x4');
    const cloud = { engine, installation, imageName, sizes, privilege: 'auto' as const };
    const spec = { workspaceId, size: 'small' as const, hostname: 'builder', userData: builderUserData };
    cleanup.defer(() => removeLocalMachine(cloud, workspaceId, never));
    const { id } = await ensureLocalMachine(cloud, spec, never);
    const inspect = (format: string): Promise<string> => docker('inspect', '--format', format, id);
    const address = await inspect('{{.NetworkSettings.IPAddress}}');
    const isOff = async (): Promise<boolean> => {
      const report = await readBuilderReport(address, never);
      if (report?.state === 'failed') throw new Error(`${report.part}: ${report.tail}`);
      if (report?.part && heard.at(-1) !== report.part) heard.push(report.part);
      return (await inspect('{{.State.Status}}')) === 'exited';
    };
    await until('the builder powered itself off', isOff, { deadlineMs: 1_200_000, pollMs: 500 });
    await docker('commit', '--change', 'LABEL io.pawl.image=test', id, baked);
    cleanup.defer(async () => void (await docker('rmi', baked)));
  });

  after(() => cleanup.disposeAsync());

  it('says what it is at, to whoever asks', () => {
    assert.ok(heard.includes('packages') && heard.includes('cloudcli'), heard.join());
  });

  it('leaves nothing that makes a machine itself, and nothing of its own', async () => {
    const look = [
      'ls /etc/ssh | grep ssh_host_',
      '[ -f /etc/machine-id ] || echo no machine-id',
      'cat /etc/machine-id',
      'ls /var/lib/cloud/instances /var/lib/cloud/data',
      'ls /opt/pawl-bake /etc/pawl /root/.ssh/authorized_keys /root/.npm',
      // The shutdown itself is noted in one file.
      'find /var/log -type f -size +0 ! -name wtmp',
      'ls /etc/systemd/system/multi-user.target.wants/caddy.service',
    ];
    const left = await docker(
      'run',
      '--rm',
      '--entrypoint',
      'sh',
      baked,
      '-c',
      `{ ${look.join('; ')}; } 2>/dev/null || true`,
    );
    assert.equal(left, '');
  });

  it('is what a workspace boots from like from any other image, without installing', async (test) => {
    const repositories = { 'hello.git': { 'README.md': '# hello\n' } };
    const machine = await startTestMachine({ repositories, clone: 'hello.git', imageName: baked });
    try {
      const startedAt = performance.now();
      await machine.controlPlane.reportThat(
        ({ route, body }) =>
          route === 'boot' && (body['status'] === 'failed' || (body['step'] === 'ready' && body['status'] === 'done')),
        AbortSignal.timeout(600_000),
      );
      test.diagnostic(`ready after ${Math.round((performance.now() - startedAt) / 1000)} s`);
      const reports = machine.controlPlane.reports.filter(({ route }) => route === 'boot');
      const failed = reports.map(({ body }) => BootReport.parse(body)).filter(({ status }) => status === 'failed');
      assert.deepEqual(failed, []);
      assert.equal((await visit(machine, '/')).status, 401);
    } finally {
      await machine.close();
    }
  });
});

/** A cloud machine that cannot even install Node. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { startControlPlaneStandIn } from '../support/control-plane-stand-in.ts';
import type { ControlPlaneStandIn } from '../support/control-plane-stand-in.ts';
import { docker } from '../support/docker.ts';
import { openDockerProvider } from '../support/docker-provider.ts';

describe('a machine that cannot install Node', { timeout: 900_000 }, () => {
  let folder: string;
  let controlPlane: ControlPlaneStandIn;

  before(async () => {
    await openDockerProvider('test').prepare?.(() => undefined);
    folder = await mkdtemp(path.join(tmpdir(), 'pawl-prelude-'));
    controlPlane = await startControlPlaneStandIn();
  });

  after(async () => {
    controlPlane.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('says why, in the installer’s words', async () => {
    const machineApiUrl = `http://host.docker.internal:${controlPlane.port}`;
    const settings = { workspaceId: 'ws-k3x9a1', machineApiUrl, machineToken: 'a-token' };
    await writeFile(path.join(folder, 'machine.json'), JSON.stringify(settings));
    const programs = path.join(import.meta.dirname, '../../cloud-init/on-machine');
    const options = [
      `--volume=${folder}:/etc/pawl:ro`,
      `--volume=${programs}:/opt/pawl:ro`,
      '--add-host=host.docker.internal:host-gateway',
      '--env=npm_config_registry=nonsense://registry.invalid',
      '--entrypoint=',
    ];
    const script = 'rm -rf /opt/node && sh /opt/pawl/prelude.sh';
    await assert.rejects(docker('run', '--rm', ...options, machineRecipe().imageName, 'sh', '-c', script), { code: 1 });
    const [report] = controlPlane.reports;
    assert.equal(report?.authorization, 'Bearer a-token');
    assert.deepEqual({ ...report?.body, message: '' }, { seq: 1, step: 'boot', status: 'failed', message: '' });
    assert.match(String(report?.body['message']), /nonsense/);
  });
});

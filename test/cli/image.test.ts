import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { until } from '../../engine/until.ts';
import { machineImageWorkflowId } from '../../workflows/contract/machine-image.ts';
import { ownerToken } from '../support/api.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { openFakeHetzner, type FakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { buildersIn, snapshotsIn, wellBehaved } from '../support/hetzner/image-house.ts';
import { installation } from '../support/hetzner/world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('pawl image build', () => {
  const cleanup = new AsyncDisposableStack();
  let fake: FakeHetzner;
  let plane: ControlPlane;
  let home: string;
  before(async () => {
    home = cleanup.use(await temporaryFolder()).path;
    fake = await openFakeHetzner(wellBehaved);
    cleanup.defer(() => fake.close());
    plane = cleanup.use(await openControlPlane({}, [openHetznerProvider(fake, installation)]));
    await until('the provider is reported', async () => (await plane.api.store.providerReports.list()).length > 2);
  });
  beforeEach(() => Object.assign(fake.state.options, wellBehaved, { serverLimit: 1000 }));
  after(() => cleanup.disposeAsync());

  function pawl(args: string[], more: Record<string, string> = {}) {
    const program = fileURLToPath(new URL('../../cli/pawl.ts', import.meta.url));
    const { port } = new URL(plane.api.url);
    const env = { PAWL_HOME: home, API_TOKEN: ownerToken, HOST: '127.0.0.1', PORT: port, ...more };
    return execa(process.execPath, [program, 'image', 'build', ...args], { env, extendEnv: false, reject: false });
  }

  it('shows each step, and in the end what was built', async () => {
    const { stdout, exitCode, stderr } = await pawl(['hetzner']);

    assert.equal(exitCode, 0, stderr);
    const [snapshot] = snapshotsIn(fake);
    assert.match(stdout, /Build [0-9a-f]{8} runs; Ctrl-C leaves it running/);
    for (const title of ['Builder', 'Programs', 'Snapshot', 'Tidying up']) assert.ok(stdout.includes(title), title);
    assert.match(stdout, new RegExp(`Image {4}${snapshot?.id} \\(${snapshot?.name}\\)`));
    assert.match(stdout, new RegExp(`Recipe {3}${snapshot?.labels['io.pawl.recipe']}`));
    assert.match(stdout, /Size {5}2\.3 GB\nTime {5}\d+ s\n/);
    assert.deepEqual(buildersIn(fake), []);
  });

  it('leaves the build running when it is interrupted, and follows it when it is asked again', async () => {
    fake.state.options.poweroffTurnsOf = () => undefined;
    const first = pawl(['hetzner']);
    await until('the builder is there', () => buildersIn(fake).length === 2);
    await until('it is followed', async () => (await readStatus()) === 'install');
    first.kill('SIGINT');
    const { exitCode, stdout } = await first;
    assert.equal(exitCode, 130);
    const [, id = ''] = /Build ([0-9a-f]{8}) goes on\. To follow it again: pawl image build hetzner/.exec(stdout) ?? [];
    assert.equal(buildersIn(fake).length, 2, 'nothing was stopped');

    const second = pawl(['hetzner']);
    second.stdout.once(
      'data',
      () => void plane.temporal.workflow.getHandle(machineImageWorkflowId('hetzner')).cancel(),
    );
    const followed = await second;
    assert.ok(followed.stdout.startsWith(`Build ${id} runs already`), followed.stdout);
    assert.equal(followed.exitCode, 1);
    assert.match(followed.stderr, /No image was built\. The build was cancelled\./);
    assert.deepEqual(buildersIn(fake), []);
  });

  it('ends with code 1 and the reason when nothing could be built', async () => {
    fake.state.options.serverLimit = 0;
    const { exitCode, stderr } = await pawl(['hetzner']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /No image was built\. Hetzner: server limit exceeded \(resource_limit_exceeded\)/);
  });

  it('says which provider there is none of, and which cannot be used', async () => {
    const unknown = await pawl(['nowhere']);
    assert.deepEqual([unknown.exitCode, unknown.stderr.trim()], [1, 'There is no provider "nowhere".']);
    await plane.api.store.providerReports.report({
      id: 'elsewhere',
      available: false,
      reason: 'HCLOUD_TOKEN is not set',
    });
    const unusable = await pawl(['elsewhere']);
    assert.deepEqual([unusable.exitCode, unusable.stderr.trim()], [1, 'elsewhere: HCLOUD_TOKEN is not set']);
  });

  it('says what to do when Pawl does not run, or was never started', async () => {
    const stopped = await pawl(['hetzner'], { PORT: '1' });
    assert.equal(stopped.exitCode, 1);
    assert.match(stopped.stderr, /does not answer at http:\/\/127\.0\.0\.1:1\. Start it with `npm start`/);
    const never = await pawl(['hetzner'], { API_TOKEN: '' });
    assert.equal(never.exitCode, 1);
    assert.match(never.stderr, /There is no token in .*\. Start Pawl first/);
  });

  async function readStatus(): Promise<unknown> {
    return (await plane.api.call('GET', '/providers/hetzner/image-build')).body['step'];
  }
});

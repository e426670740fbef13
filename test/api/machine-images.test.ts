import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ImageBuildAccepted, ImageBuildDetails } from '../../api/image-answers.ts';
import { until } from '../../engine/until.ts';
import { machineImageWorkflowId } from '../../workflows/contract/machine-image.ts';
import { openApi } from '../support/api.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { openFakeHetzner, type FakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { buildersIn, switchOff, wellBehaved } from '../support/hetzner/image-house.ts';
import { installation, livingServers } from '../support/hetzner/world.ts';

const address = '/providers/hetzner/image-build';

describe('the build of a machine image, over HTTP', () => {
  const cleanup = new AsyncDisposableStack();
  let fake: FakeHetzner;
  let plane: ControlPlane;
  before(async () => {
    fake = await openFakeHetzner(wellBehaved);
    cleanup.defer(() => fake.close());
    plane = cleanup.use(await openControlPlane({}, [openHetznerProvider(fake, installation)]));
    await until('the provider is reported', async () => (await plane.api.store.providerReports.list()).length > 2);
  });
  after(() => cleanup.disposeAsync());

  async function start(): Promise<ImageBuildAccepted> {
    const { status, body, text, headers } = await plane.api.call('POST', address);
    assert.equal(status, 202, text);
    assert.equal(headers.get('location'), address);
    return ImageBuildAccepted.parse(body);
  }

  async function read(): Promise<ImageBuildDetails> {
    const { status, body, text } = await plane.api.call('GET', address);
    assert.equal(status, 200, text);
    return ImageBuildDetails.parse(body);
  }

  it('is not there before the first one', async () => {
    const { status, body } = await plane.api.call('GET', address);
    assert.deepEqual([status, body['error']], [404, 'not_found']);
  });

  it('is joined by whoever asks while it runs, and tells how far it is and how it ended', async () => {
    fake.state.options.poweroffTurnsOf = () => undefined;
    const first = await start();
    const second = await start();
    assert.deepEqual([first.joined, second.joined, second.id], [false, true, first.id]);
    await until('it installs', async () => (await read()).step === 'install');
    for (const builder of livingServers(fake)) switchOff(fake, builder);
    await until('it ended', async () => (await read()).status !== 'building');
    const build = await read();
    assert.deepEqual([build.status, build.errorCode, build.image], ['failed', 'ImageBuildFailed', null]);
    assert.deepEqual(buildersIn(fake), []);
    const entries = await plane.api.store.audit.list({ subject: 'provider:hetzner', limit: 10 });
    assert.deepEqual(
      entries.filter(({ action }) => action === 'image.build').map(({ actor, details }) => [actor, details?.['id']]),
      [['owner', first.id]],
    );
  });

  it('tells what is tried again, and why', async () => {
    fake.state.options.soldOut = new Set(['cx23@fsn1', 'cx23@nbg1', 'cx23@hel1']);
    await start();
    await until('it says so', async () => /ensureImageBuilder .* no room now/.test((await read()).detail ?? ''));
    await plane.temporal.workflow.getHandle(machineImageWorkflowId('hetzner')).cancel();
    await until('it ended', async () => (await read()).status === 'failed');
    fake.state.options.soldOut = new Set();
  });

  it('says so when it was ended from outside', async () => {
    fake.state.options.poweroffTurnsOf = () => undefined;
    await start();
    await until('it installs', async () => (await read()).step === 'install');
    await plane.temporal.workflow.getHandle(machineImageWorkflowId('hetzner')).terminate('by an operator');
    const build = await read();
    assert.deepEqual([build.status, build.step], ['failed', 'install']);
    assert.match(build.error ?? '', /ended from outside \(terminated\)/);
    for (const builder of livingServers(fake)) builder.goneAt = fake.state.clock;
  });

  it('fails where images are not built ahead', async () => {
    assert.equal((await plane.api.call('POST', '/providers/scripted/image-build')).status, 202);
    const latest = () => plane.api.call('GET', '/providers/scripted/image-build');
    await until('it ended', async () => (await latest()).body['status'] === 'failed');
    assert.match(String((await latest()).body['error']), /not built ahead at "scripted"/);
  });

  it('needs a provider that there is, and that can be used', async () => {
    assert.equal((await plane.api.call('POST', '/providers/nowhere/image-build')).status, 404);
    await plane.api.store.providerReports.report({
      id: 'elsewhere',
      available: false,
      reason: 'HCLOUD_TOKEN is not set',
    });
    const { status, body } = await plane.api.call('POST', '/providers/elsewhere/image-build');
    assert.deepEqual(
      [status, body['error'], body['message']],
      [503, 'provider_unavailable', 'elsewhere: HCLOUD_TOKEN is not set'],
    );
  });

  it('is for the owner only', async () => {
    for (const method of ['GET', 'POST'])
      assert.equal((await plane.api.call(method, address, { token: null })).status, 401);
  });

  it('says that Temporal is away', async () => {
    await using api = await openApi();
    const { status, body } = await api.call('GET', address);
    assert.deepEqual([status, body['error']], [503, 'temporal_unavailable']);
  });
});

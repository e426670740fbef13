/** Machine images: one builder, one snapshot, and nothing else that stays, whatever goes wrong on the way. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { snapshotRecipe } from '../../hetzner-cloud/recipe.ts';
import { actionErrors, faultsAt, randomFaults, type Fault } from '../support/hetzner/faults.ts';
import {
  buildersIn,
  openImageHouse,
  reachesStep,
  says,
  snapshotsIn,
  speakAsBuilder,
  switchOff,
  type ImageHouse,
} from '../support/hetzner/image-house.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { installation, livingServers, never, spec } from '../support/hetzner/world.ts';

const lost: Fault = { kind: 'cut', applied: true };

describe('a machine image', () => {
  let images: ImageHouse;
  before(async () => void (images = await openImageHouse()));
  beforeEach(() => images.reset());
  after(async () => images[Symbol.asyncDispose]());

  const orders = (of = 'POST /servers'): number => images.fake.calls.filter((call) => call === of).length;

  /** What holds after every build, however it went: nothing runs, and no more than one snapshot is kept. */
  function assertTidy(snapshots: number): void {
    assert.deepEqual(buildersIn(images.fake), []);
    assert.equal(snapshotsIn(images.fake).length, snapshots);
    assert.deepEqual(images.proxy.violations, []);
  }

  it('is built of a builder that is gone afterwards, and machines start from it', async () => {
    const build = await images.build();

    assert.deepEqual([build.status, build.step, build.error, build.replaced], ['built', 'tidy', null, []]);
    assertTidy(1);
    const [snapshot] = snapshotsIn(images.fake);
    const recipe = snapshotRecipe('ubuntu-24.04');
    assert.deepEqual(snapshot?.labels, {
      'io.pawl.installation': installation,
      'io.pawl.image-build': build.id,
      'io.pawl.recipe': recipe,
    });
    assert.deepEqual(
      [build.recipe, build.image],
      [recipe, { id: String(snapshot.id), name: `pawl-${installation}-image-${build.id}`, sizeGb: 2.3 }],
    );
    const provider = openHetznerProvider(images.fake, installation);
    await provider.ensureMachine(spec, never);
    assert.deepEqual(
      livingServers(images.fake).map(({ image }) => image),
      [String(snapshot.id)],
    );
  });

  it('takes the place of older ones, which go only when it is there', async () => {
    const first = await images.build();
    let keptMeanwhile = 0;
    images.fake.state.options.faultOf = ({ method, path }) => {
      if (method === 'POST' && path.endsWith('create_image')) keptMeanwhile = snapshotsIn(images.fake).length;
      return undefined;
    };
    const second = await images.build();
    assert.equal(keptMeanwhile, 1);
    assert.deepEqual(second.replaced, [first.image?.name]);
    assertTidy(1);
    assert.equal(String(snapshotsIn(images.fake)[0]?.id), second.image?.id);
  });

  it('leaves the old one alone when it fails', async () => {
    const first = await images.build();
    images.fake.state.options.actionErrorOf = actionErrors('create_image', 99, 'broke');
    const second = await images.build();
    assert.deepEqual([second.status, second.errorCode], ['failed', 'ProviderRefused']);
    assertTidy(1);
    assert.equal(String(snapshotsIn(images.fake)[0]?.id), first.image?.id);
  });

  it('is no longer used once the recipe is another one, and the log says so', async () => {
    await images.build();
    images.log.length = 0;
    const provider = openHetznerProvider(images.fake, installation, { HCLOUD_IMAGE: 'debian-12' }, images.log);
    await provider.ensureMachine(spec, never);
    assert.deepEqual(
      livingServers(images.fake).map(({ image }) => image),
      ['debian-12'],
    );
    assert.ok(images.log.some(({ level, message }) => level === 'warn' && /pawl image build hetzner/.test(message)));
  });

  it('fails when the builder never ends, and says that it was never heard of', async () => {
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const build = await images.build();
    assert.equal(build.errorCode, 'ImageBuildFailed');
    assert.equal(build.error, 'The builder was not done after 30 minutes. It was never heard of.');
    assertTidy(0);
  });

  it('fails at once when the builder says that it failed, with its last words', async (t) => {
    await speakAsBuilder(t, 'failed cloudcli\nnpm error 404\u001b[0m\nnpm error gone\n');
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const build = await images.build();
    assert.equal(build.errorCode, 'ImageBuildFailed');
    assert.match(
      build.error ?? '',
      /could not install everything\. It was at: cloudcli\. .*:\nnpm error 404\[0m\nnpm error gone$/,
    );
    assertTidy(0);
  });

  it('tells what the builder was at when it took too long', async (t) => {
    await speakAsBuilder(t, 'installing packages\nGet:1 http://archive.ubuntu.com\n');
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const build = await images.build();
    assert.match(build.error ?? '', /not done after 30 minutes\. It was at: packages\. [^]*archive\.ubuntu\.com$/);
    assertTidy(0);
  });

  it('is not made of a builder that somebody switched off half-way', async () => {
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const handle = await images.start();
    await reachesStep(handle, 'install');
    const [builder] = livingServers(images.fake);
    assert.ok(builder);
    switchOff(images.fake, builder);
    const build = await handle.result();
    assert.match(build.error ?? '', /switched the builder off/);
    assertTidy(0);
  });

  it('fails when somebody removes the builder', async () => {
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const handle = await images.start();
    await reachesStep(handle, 'install');
    for (const builder of livingServers(images.fake)) builder.goneAt = images.fake.state.clock;
    const build = await handle.result();
    assert.match(build.error ?? '', /removed the builder/);
    assertTidy(0);
  });

  it('is made at the second try when Hetzner fails to make the snapshot once', async () => {
    images.fake.state.options.actionErrorOf = actionErrors('create_image', 1, 'broke');
    const build = await images.build();
    assert.equal(build.status, 'built');
    assertTidy(1);
  });

  it('is given up when Hetzner fails to make the snapshot again and again', async () => {
    images.fake.state.options.actionErrorOf = actionErrors('create_image', 99, 'the host is on fire');
    const build = await images.build();
    assert.deepEqual([build.status, build.errorCode], ['failed', 'ProviderRefused']);
    assert.match(build.error ?? '', /create_image failed: the host is on fire/);
    assertTidy(0);
  });

  it('waits for a slow snapshot', async () => {
    images.fake.state.options.snapshotTurns = 200;
    assert.equal((await images.build()).status, 'built');
    assertTidy(1);
  });

  for (const [what, call] of [
    ['the builder was ordered', /^POST \/servers$/],
    ['its firewall was made', /^POST \/firewalls$/],
    ['the snapshot was begun', /create_image$/],
    ['the builder was deleted', /^DELETE \/servers/],
  ] as const) {
    it(`needs no second thing when ${what} and the answer was lost, while lists lag`, async () => {
      images.fake.state.options.lagTurns = 10;
      images.fake.state.options.faultOf = faultsAt(call, 1, lost);
      const build = await images.build();
      assert.equal(build.status, 'built', build.error ?? '');
      assert.equal(images.fake.state.servers.size, 1, 'one builder, ever');
      assert.equal(images.fake.state.snapshots.size, 1, 'one snapshot, ever');
      assertTidy(1);
    });
  }

  it('leaves nothing when the snapshot was begun, the answers were lost, and time is up', async () => {
    images.house.replaced.saveMachineImage = async (request) => {
      images.fake.state.options.faultOf = faultsAt(/create_image$/, 1, lost);
      await images.house.activities.saveMachineImage(request).catch(() => undefined);
      throw failure('ProviderRefused', 'no more');
    };
    const build = await images.build();
    assert.equal(build.status, 'failed');
    assertTidy(0);
    assert.equal(images.fake.state.snapshots.size, 1, 'there was one to remove');
  });

  it('waits for room, and then fails with Hetzner’s reason', async () => {
    images.fake.state.options.soldOut = new Set(['cx23@fsn1', 'cx23@nbg1', 'cx23@hel1']);
    const build = await images.build();
    assert.equal(build.status, 'failed');
    assert.match(build.error ?? '', /no room now for cx23/);
    assert.equal(orders() > 3, true, 'it was tried again');
    assertTidy(0);
  });

  it('fails at once when the project may not have more', async () => {
    images.fake.state.options.serverLimit = 0;
    const build = await images.build();
    assert.equal(build.errorCode, 'QuotaExceeded');
    assertTidy(0);
  });

  it('removes what it made when it is cancelled', async (t) => {
    await speakAsBuilder(t, 'installing packages\n');
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const handle = await images.start();
    await says(handle, 'installing packages');
    await handle.cancel();
    const build = await handle.result();
    assert.deepEqual([build.status, build.error], ['failed', 'The build was cancelled.']);
    assertTidy(0);
  });

  it('takes no harm from workers that die between what they did and what they told', async () => {
    const died = new Map<string, number>();
    const dying =
      <A, R>(name: string, real: (request: A) => Promise<R>) =>
      async (request: A): Promise<R> => {
        const result = await real(request);
        died.set(name, (died.get(name) ?? 0) + 1);
        if (died.get(name) === 1) throw failure('ProviderUnavailable', 'killed');
        return result;
      };
    const { activities, replaced } = images.house;
    Object.assign(replaced, {
      ensureImageBuilder: dying('order', activities.ensureImageBuilder),
      saveMachineImage: dying('save', activities.saveMachineImage),
      removeImageBuild: dying('remove', activities.removeImageBuild),
      removeOlderImages: dying('replace', activities.removeOlderImages),
    });
    const build = await images.build();
    assert.equal(build.status, 'built', build.error ?? '');
    assert.deepEqual([...died.values()], [2, 2, 2, 2]);
    assert.deepEqual([images.fake.state.servers.size, images.fake.state.snapshots.size], [1, 1]);
    assertTidy(1);
  });

  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`leaves one snapshot or none, and nothing else, in a cloud full of faults (seed ${seed})`, async () => {
      Object.assign(images.fake.state.options, { faultOf: randomFaults(seed, 0.2), lagTurns: 5 });
      const build = await images.build();
      images.fake.state.options.faultOf = () => undefined;
      assertTidy(build.status === 'built' ? 1 : 0);
      assert.ok(images.fake.state.servers.size <= 1, 'never a second builder');
      assert.ok(images.fake.state.snapshots.size <= 1, 'never a second snapshot');
    });
  }

  it('is one for all who ask at once', async () => {
    const handle = await images.start();
    await assert.rejects(images.start(), { name: 'WorkflowExecutionAlreadyStartedError' });
    await handle.result();
    assertTidy(1);
  });
});

/** A cloud whose lists show a new server late, or not at all. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MachineProvider } from '../../activities/providers/provider.ts';
import { newKey } from '../support/keys.ts';
import { openFakeHetzner, type FakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { everythingIn, livingServers } from '../support/hetzner/world.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';

describe('a workspace at Hetzner while lists lag', () => {
  let fake: FakeHetzner;
  let house: LifecycleHouse;

  before(async () => {
    fake = await openFakeHetzner();
    house = await openLifecycleHouse(newKey(), () => reachable(openHetznerProvider(fake, 'pawl-test')));
  });
  after(async () => {
    await house[Symbol.asyncDispose]();
    await fake.close();
  });

  /** The house's only provider; its servers have no address that leads anywhere, so their terminal is the house's. */
  function reachable(provider: MachineProvider): MachineProvider {
    return {
      ...provider,
      id: 'scripted',
      async findMachine(...which) {
        const machine = await provider.findMachine(...which);
        return machine && { ...machine, connectTo: house.terminal.connectTo };
      },
    };
  }

  const named = { baseDomain: 'example.com' };

  it('gets usable though no list ever showed its server', async () => {
    fake.state.options.lagTurns = 1_000_000;
    const story = await house.start(named);
    await story.reachesEvent('name.published');
    // So long without a word that the machine is looked at.
    await story.passes(5);
    await story.becomesReady();

    fake.state.options.lagTurns = 0;
    await story.stop();
    assert.equal((await story.ends()).status, 'stopped');
    assert.deepEqual(
      everythingIn(fake).filter((thing) => !thing.startsWith('ssh key')),
      [],
    );
  });

  it('fails once its server is gone, though lists show it still', async () => {
    const story = await house.start(named);
    await story.reachesEvent('name.published');
    fake.state.options.lagTurns = 50;
    for (const server of livingServers(fake)) server.goneAt = fake.state.clock;
    await story.passes(5);
    const { status, errorCode } = await story.ends();
    assert.deepEqual({ status, errorCode }, { status: 'failed', errorCode: 'MachineLost' });
  });
});

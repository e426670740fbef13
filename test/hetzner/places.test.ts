import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actionErrors } from '../support/hetzner/faults.ts';
import { everythingIn, livingServers, never, openWorld, spec } from '../support/hetzner/world.ts';

describe('where a server is made', () => {
  it('is the first location, of the size’s type', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine({ ...spec, size: 'large' }, never);
    assert.deepEqual(placesIn(fake), ['cx43@fsn1']);
  });

  it('is the next location when the first has no room, and the log says so', async (t) => {
    const { fake, provider, log } = await openWorld(t, { options: { soldOut: new Set(['cx23@fsn1']) } });
    await provider.ensureMachine(spec, never);
    assert.deepEqual(placesIn(fake), ['cx23@nbg1']);
    assert.deepEqual(
      log.filter(({ message }) => message === 'no room for a server').map(({ fields }) => fields),
      [{ workspaceId: spec.workspaceId, type: 'cx23', location: 'fsn1', reason: 'error during placement' }],
    );
    assert.ok(log.some(({ message, fields }) => message === 'server ordered' && 'location' in fields));
  });

  it('is another type when no location has room for the first', async (t) => {
    const { fake, provider } = await openWorld(t, {
      options: { soldOut: new Set(['cx23@fsn1', 'cx23@hel1']) },
      environment: { HCLOUD_LOCATIONS: 'hel1,fsn1', HCLOUD_SIZES: 'small=cx23|cpx11,medium=cx33,large=cx43' },
    });
    await provider.ensureMachine(spec, never);
    assert.deepEqual(placesIn(fake), ['cpx11@fsn1']);
  });

  it('is the next location when a type is priced at the first and yet not made there', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { unsupported: new Set(['cx23@fsn1']) } });
    await provider.ensureMachine(spec, never);
    assert.deepEqual(placesIn(fake), ['cx23@nbg1']);
  });

  it('is the next location when it turns out late that there was no room, and nothing is left of the first try', async (t) => {
    const { fake, provider } = await openWorld(t);
    fake.state.options.actionErrorOf = actionErrors('create_server', 1, 'no place', 'resource_unavailable');
    const machine = await provider.ensureMachine(spec, never);
    assert.equal(machine.state, 'running');
    assert.deepEqual(placesIn(fake), ['cx23@nbg1']);
  });

  it('is nowhere, for now, when nobody has room', async (t) => {
    const everywhere = new Set(['cx23@fsn1', 'cx23@nbg1', 'cx23@hel1']);
    const { fake, provider } = await openWorld(t, { options: { soldOut: everywhere } });
    await assert.rejects(provider.ensureMachine(spec, never), {
      type: 'NoCapacity',
      nonRetryable: false,
      message: /no room now for cx23 in fsn1, nbg1, hel1 \(no_room\)\.$/,
    });
    fake.state.options.soldOut.clear();
    assert.equal((await provider.ensureMachine(spec, never)).state, 'running');
  });

  it('is nowhere, for good, when the type is not sold at any of the locations', async (t) => {
    const { provider } = await openWorld(t, { environment: { HCLOUD_LOCATIONS: 'ash' } });
    await assert.rejects(provider.ensureMachine(spec, never), {
      type: 'ProviderRefused',
      nonRetryable: true,
      message: /no cx23 in ash: see HCLOUD_SIZES and HCLOUD_LOCATIONS/,
    });
  });

  it('is nowhere, for good, when the project may not have more servers', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { serverLimit: 0 } });
    await assert.rejects(provider.ensureMachine(spec, never), {
      type: 'QuotaExceeded',
      nonRetryable: true,
      message: /server limit exceeded .*ask Hetzner for a higher limit/,
    });
    await provider.removeMachine(spec.workspaceId, never);
    assert.ok(everythingIn(fake).every((thing) => thing.startsWith('ssh key')));
  });

  it('is said to be there again as soon as it is', async (t) => {
    const { fake, provider } = await openWorld(t);
    fake.state.options.faultOf = () => ({ kind: 'refuse', status: 503, code: 'unavailable' });
    assert.equal((await provider.checkAvailability()).available, false);
    fake.state.options.faultOf = () => undefined;
    assert.equal((await provider.checkAvailability()).available, true);
  });

  it('must be told for every size', async (t) => {
    const opening = openWorld(t, { environment: { HCLOUD_SIZES: 'small=cx23' } });
    await assert.rejects(opening, /HCLOUD_SIZES.medium: has no type of server; every size needs one/);
  });

  it('is said to be wrong when the settings name a location that does not exist', async (t) => {
    const { provider } = await openWorld(t, { environment: { HCLOUD_LOCATIONS: 'fsn1,mars' } });
    const { available, reason } = await provider.checkAvailability();
    assert.equal(available, false);
    assert.match(reason ?? '', /no location mars: set HCLOUD_LOCATIONS to some of fsn1, nbg1, hel1, ash/);
  });
});

function placesIn(fake: Parameters<typeof livingServers>[0]): string[] {
  return livingServers(fake).map(({ type, location }) => `${type}@${location}`);
}

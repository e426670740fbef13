import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openFakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { randomFaults } from '../support/hetzner/faults.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { remainsIn } from '../support/hetzner/remains.ts';
import { installation, livingServers, never, spec } from '../support/hetzner/world.ts';

/** What the cloud does wrong, and when the one who creates gives up. */
const schedules = fc.record({
  seed: fc.integer(),
  share: fc.double({ min: 0, max: 0.4, noNaN: true }),
  lagTurns: fc.nat(30),
  actionTurns: fc.nat(5),
  givesUpAt: fc.option(fc.nat(40)),
});

describe('any schedule of faults at Hetzner', () => {
  it('leaves one server while creation is repeated, and nothing once removal is', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async ({ seed, share, lagTurns, actionTurns, givesUpAt }) => {
        const fake = await openFakeHetzner({ faultOf: randomFaults(seed, share), lagTurns, actionTurns });
        try {
          const giveUp = new AbortController();
          const creator = openHetznerProvider(fake, installation);
          const creation = untilDone(() => creator.ensureMachine(spec, giveUp.signal));
          if (givesUpAt !== null) await atCall(fake.calls, givesUpAt, creation, () => giveUp.abort());
          await creation.catch(() => undefined);
          assert.ok(livingServers(fake).length <= 1, 'two servers');

          // As after kill -9: somebody who knows nothing but the workspace's id.
          await untilDone(() => openHetznerProvider(fake, installation).removeMachine(spec.workspaceId, never));
          assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
        } finally {
          await fake.close();
        }
      }),
      { numRuns: 100, seed: 20261121 },
    );
  });
});

/** As Temporal does: again and again, unless it is final. */
async function untilDone<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const { type } = error as { type?: string };
      if (type !== 'ProviderUnavailable' && type !== 'StillThere') throw error;
    }
  }
}

async function atCall(calls: string[], nth: number, end: Promise<unknown>, act: () => void): Promise<void> {
  let hasEnded = false;
  end.catch(() => undefined).finally(() => (hasEnded = true));
  while (!hasEnded && calls.length < nth) await new Promise((resolve) => setImmediate(resolve));
  act();
}

/** What the contract suite needs to know of Hetzner: a fake cloud, behind a proxy that knows Hetzner's document. */
import type { MachineSpec } from '../../../activities/providers/provider.ts';
import type { ProviderUnderTest } from '../../contracts/machine-provider.ts';
import { openFakeHetzner } from './fake-hetzner.ts';
import type { FakeHetzner } from './fake-hetzner.ts';
import { makeFirewall, makeServer } from './half-made.ts';
import { openHetznerProvider } from './hetzner-provider.ts';
import { remainsIn } from './remains.ts';
import { openValidatingProxy } from './validating-proxy.ts';

export interface HetznerUnderTest {
  provider: ProviderUnderTest;
  /** What was not as Hetzner's document says. */
  violations: string[];
  close(): Promise<void>;
}

/** Opens a cloud for one run of the suite. */
export async function openHetznerUnderTest(): Promise<HetznerUnderTest> {
  const fake = await openFakeHetzner();
  const proxy = await openValidatingProxy(fake.url);
  return {
    provider: {
      open: (installation) => openHetznerProvider({ ...fake, url: proxy.url }, installation),
      halfMade: halfMade(fake),
      remains: async (installation, workspaceId) => remainsIn(fake, installation, workspaceId),
    },
    violations: proxy.violations,
    async close() {
      await proxy.close();
      await fake.close();
    },
  };
}

function halfMade(fake: FakeHetzner): ProviderUnderTest['halfMade'] {
  const make = (change: (installation: string, spec: MachineSpec) => void) => {
    return async (installation: string, spec: MachineSpec) => change(installation, spec);
  };
  return [
    {
      name: 'a firewall without a server',
      make: make((installation, { workspaceId }) => void makeFirewall(fake, installation, workspaceId)),
    },
    {
      name: 'a server that is being made still',
      make: make((installation, spec) => void makeServer(fake, installation, spec, { createTurns: 20 })),
    },
    {
      name: 'a server that was made and never started',
      make: make((installation, spec) => void makeServer(fake, installation, spec, { isStarted: false })),
    },
    {
      name: 'a server whose creation failed',
      make: make((installation, spec) => {
        makeServer(fake, installation, spec, { error: { code: 'server_error', message: 'broke' } });
      }),
    },
  ];
}

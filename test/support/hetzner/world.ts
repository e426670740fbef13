/** One test's cloud with one provider in it, and words for what tests ask of them. */
import type { TestContext } from 'node:test';
import type { MachineProvider, MachineSpec } from '../../../activities/providers/provider.ts';
import { openFakeHetzner } from './fake-hetzner.ts';
import type { FakeHetzner } from './fake-hetzner.ts';
import { openHetznerProvider } from './hetzner-provider.ts';
import type { LogLine } from './hetzner-provider.ts';
import type { FakeOptions } from './options.ts';
import { living } from './state.ts';
import type { FakeServer } from './state.ts';

export const installation = 'pawl-3f9a1c2b';

/** A signal that never aborts. */
export const never = new AbortController().signal;

export const spec: MachineSpec = {
  workspaceId: 'ws-k3x9a1',
  size: 'small',
  hostname: 'ui.ws-k3x9a1.vm.example.com',
  userData: '#cloud-config\n{}\n',
};

export interface World {
  fake: FakeHetzner;
  provider: MachineProvider;
  log: LogLine[];
}

/** A cloud that closes with the test, and a provider for `installation`. */
export async function openWorld(
  t: TestContext,
  { options = {}, environment = {} }: { options?: Partial<FakeOptions>; environment?: NodeJS.ProcessEnv } = {},
): Promise<World> {
  const fake = await openFakeHetzner(options);
  t.after(() => fake.close());
  const log: LogLine[] = [];
  return { fake, log, provider: openHetznerProvider(fake, installation, environment, log) };
}

export function livingServers({ state }: FakeHetzner): FakeServer[] {
  return living(state.servers);
}

/** Everything that exists there, such as `server pawl-…`. */
export function everythingIn({ state }: FakeHetzner): string[] {
  return [
    ...living(state.servers).map(({ name }) => `server ${name}`),
    ...living(state.firewalls).map(({ name }) => `firewall ${name}`),
    ...living(state.sshKeys).map(({ name }) => `ssh key ${name}`),
  ];
}

/** Looking at the fake cloud past the API. */
import type { FakeHetzner } from './fake-hetzner.ts';
import { living } from './state.ts';
import type { FakeThing } from './state.ts';

/** What exists and bears the workspace's labels, such as `server 1003`. */
export function remainsIn({ state }: FakeHetzner, installation: string, workspaceId: string): string[] {
  const isOf = ({ labels }: FakeThing) =>
    labels['io.pawl.installation'] === installation && labels['io.pawl.workspace'] === workspaceId;
  return [
    ...living(state.servers)
      .filter(isOf)
      .map(({ id }) => `server ${id}`),
    ...living(state.firewalls)
      .filter(isOf)
      .map(({ id }) => `firewall ${id}`),
  ];
}

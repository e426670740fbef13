/** Things made behind the provider's back, as a crash may leave them. Names and labels are written out: others rely on them. */
import type { MachineSpec } from '../../../activities/providers/provider.ts';
import type { FakeHetzner } from './fake-hetzner.ts';
import { beginAction } from './fake-actions.ts';
import { newThing } from './state.ts';
import type { FakeFirewall, FakeServer } from './state.ts';

export function makeFirewall({ state }: FakeHetzner, installation: string, workspaceId: string): FakeFirewall {
  const labels = { 'io.pawl.installation': installation, 'io.pawl.workspace': workspaceId };
  const firewall = { ...newThing(state, `pawl-${installation}-${workspaceId}`, labels), rules: [] };
  state.firewalls.set(firewall.id, firewall);
  return firewall;
}

/** A server with its firewall. */
export function makeServer(
  fake: FakeHetzner,
  installation: string,
  { workspaceId, hostname, userData }: Pick<MachineSpec, 'workspaceId' | 'hostname' | 'userData'>,
  options: { createTurns?: number; isStarted?: boolean; error?: { code: string; message: string } } = {},
): FakeServer {
  const { state } = fake;
  const { createTurns = 0, isStarted = true, error = null } = options;
  const firewall = makeFirewall(fake, installation, workspaceId);
  const labels = { ...firewall.labels, 'io.pawl.hostname-0': hostname };
  const place = { type: 'cx23', location: 'fsn1', image: 'ubuntu-24.04' };
  const parts = { ...place, sshKeys: [], firewalls: [firewall.id], userData };
  const server: FakeServer = { ...newThing(state, firewall.name, labels), ...parts, status: 'initializing' };
  state.servers.set(server.id, server);

  const made = isStarted ? 'starting' : 'off';
  const create = beginAction(state, 'create_server', server, (isOk) => (server.status = isOk ? made : 'off'));
  Object.assign(create, { endsAt: state.clock + createTurns, error });
  if (isStarted && !error) beginAction(state, 'start_server', server, () => (server.status = 'running'), create);
  return server;
}

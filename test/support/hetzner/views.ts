/** Things in the form in which the API shows them. */
import { locations, serverTypes } from './catalogue.ts';
import type { FakeAction, FakeFirewall, FakeServer, FakeSnapshot, FakeSshKey, FakeState } from './state.ts';
import { living } from './state.ts';

export function serverView(state: FakeState, server: FakeServer): object {
  const { id, name, status, created, labels, firewalls } = server;
  const location = locations.find((one) => one.name === server.location);
  const ipv4 = { id: id + 1, ip: state.options.ipv4Of(id), blocked: false, dns_ptr: `static.${id}.example.com` };
  const ipv6 = { id: id + 2, ip: `2001:db8:0:${id.toString(16)}::/64`, blocked: false, dns_ptr: null };
  return {
    ...{ id, name, status, created, labels, location },
    ...(state.options.hasDatacenter && { datacenter: { id: 4, name: `${server.location}-dc14`, location } }),
    public_net: {
      ipv4: state.options.hasIpv4 ? ipv4 : null,
      ipv6,
      floating_ips: [],
      firewalls: firewalls.map((firewall) => ({ id: firewall, status: 'applied' })),
    },
    private_net: [],
    server_type: serverTypes.find((type) => type.name === server.type),
    ...{ image: null, iso: null, rescue_enabled: false, locked: false, backup_window: null },
    ...{ outgoing_traffic: null, ingoing_traffic: null, included_traffic: 654321, primary_disk_size: 40 },
    ...{ protection: { delete: false, rebuild: false }, volumes: [], load_balancers: [] },
  };
}

export function actionView({ clock }: FakeState): (action: FakeAction) => object {
  return ({ id, command, serverId, startedAt, endsAt, created, error }) => {
    const hasEnded = clock >= endsAt;
    const progress = hasEnded ? 100 : Math.floor((100 * Math.max(0, clock - startedAt)) / (endsAt - startedAt));
    return {
      ...{ id, command, progress, started: created, finished: hasEnded ? created : null },
      status: hasEnded ? (error ? 'error' : 'success') : 'running',
      resources: [{ id: serverId, type: 'server' }],
      error: hasEnded ? error : null,
    };
  };
}

export function firewallView({ servers }: FakeState, firewall: FakeFirewall): object {
  const { id, name, labels, created, rules } = firewall;
  const users = living(servers).filter(({ firewalls }) => firewalls.includes(id));
  return {
    ...{ id, name, labels, created },
    rules: rules.map((rule) => ({ destination_ips: [], source_ips: [], port: null, ...rule })),
    applied_to: users.map((server) => ({ type: 'server', server: { id: server.id } })),
  };
}

export function sshKeyView({ id, name, fingerprint, publicKey, labels, created }: FakeSshKey): object {
  return { id, name, fingerprint, public_key: publicKey, labels, created };
}

export function snapshotView(snapshot: FakeSnapshot): object {
  const { id, name, status, labels, created, architecture, sizeGb, diskGb, isProtected = false } = snapshot;
  return {
    ...{ id, type: 'snapshot', status, name: null, description: name, labels, created, architecture },
    ...{ image_size: status === 'available' ? sizeGb : null, disk_size: diskGb, created_from: null, bound_to: null },
    ...{ os_flavor: 'ubuntu', os_version: '24.04' },
    ...{ protection: { delete: isProtected }, deprecated: null, deleted: null },
  };
}

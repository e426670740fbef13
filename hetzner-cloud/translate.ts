/** Between Hetzner's words and ours. */
import type { HcloudAction, HcloudServer } from 'hcloud-js';
import type { Action, Filter, Server, ServerOrder } from './api.ts';

/** A filter as query parameters. */
export function queryOf({ labelSelector, ...filter }: Filter): Record<string, string> {
  return { ...filter, ...(labelSelector !== undefined && { label_selector: labelSelector }) };
}

/** The body of an order; the server starts as soon as it is made. */
export function orderBody({ type, sshKeyId, firewallId, userData, ...order }: ServerOrder): object {
  return {
    ...order,
    server_type: type,
    ssh_keys: [String(sshKeyId)],
    firewalls: [{ firewall: firewallId }],
    user_data: userData,
    start_after_create: true,
    public_net: { enable_ipv4: true, enable_ipv6: true },
  };
}

/** A server of the library's. */
export function serverOf({ serverType, publicNet, datacenter, ...server }: HcloudServer): Server {
  const { id, name, labels, created, status } = server;
  const prices = serverType.prices.map(({ location, priceHourly, priceMonthly }) => {
    return { location, hourly: priceHourly.gross, monthly: priceMonthly.gross };
  });
  return {
    ...{ id, name, labels, created, status },
    ipv4: publicNet.ipv4.ip || null,
    ipv6: publicNet.ipv6.ip || null,
    location: datacenter.location.name,
    type: { name: serverType.name, prices },
  };
}

/** An action of the library's. */
export function actionOf({ id, command, status, progress, error }: HcloudAction): Action {
  return { id, command, status, progress, error: error ?? null };
}

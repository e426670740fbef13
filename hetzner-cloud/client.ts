/** The Hetzner Cloud API through hcloud-js; the only file that knows this library. */
import { Client } from 'hcloud-js';
import type { HcloudRequest } from 'hcloud-js';
import { z } from 'zod';
import {
  ActionAnswer,
  LocationAnswer,
  OrderAnswer,
  PageAnswer,
  PricingAnswer,
  ServerTypeAnswer,
  SnapshotAnswer,
  ThingAnswer,
} from './answers.ts';
import type { HetznerApi } from './api.ts';
import { judgeAnswer, renameError } from './hardening.ts';
import { allPages, isThere, readable, unlessMissing } from './reading.ts';
import { actionOf, orderBody, queryOf, serverOf } from './translate.ts';

export interface Connection {
  token: string;
  /** `https://api.hetzner.cloud/v1` */
  endpoint: string;
  timeoutMs: number;
}

/** As many as Hetzner puts on one page. */
const perPage = 50;

/** The API for one piece of work: once `signal` aborts, no request is begun and none is waited for. */
export function openHetznerApi({ token, endpoint, timeoutMs }: Connection, signal?: AbortSignal): HetznerApi {
  const client = new Client({ token, baseURL: endpoint, timeout: timeoutMs });
  Object.assign(client.axios.defaults, { validateStatus: () => true, maxRedirects: 0, ...(signal && { signal }) });
  client.axios.interceptors.response.use(judgeAnswer, (error) => {
    signal?.throwIfAborted();
    return renameError(error);
  });
  const { servers, sshKeys, actions } = client;

  return {
    listServers: (filter) =>
      allPages(async (page) => {
        const { servers: items, nextPage } = await servers.list({ ...filter, page, perPage });
        return { items: items.map(serverOf), nextPage };
      }),
    getServer: (id) => unlessMissing(async () => serverOf(await servers.get(id))),
    createServer: (order) => ask('POST', '/servers', 'server', OrderAnswer, orderBody(order)),
    powerOnServer: (id) => readable(async () => actionOf(await servers.actions.powerOn(id))),
    deleteServer: (id) => isThere(() => servers.delete(id)),
    listServerActions: (id) =>
      allPages(async (page) => {
        const { actions: items, nextPage } = await servers.actions.list(id, { page, perPage });
        return { items: items.map(actionOf), nextPage };
      }),
    getAction: (id) => readable(async () => actionOf(await actions.get(id))),

    listFirewalls: (filter) => list('/firewalls', 'firewalls', ThingAnswer, queryOf(filter)),
    createFirewall: (data) => ask('POST', '/firewalls', 'firewall', ThingAnswer, data),
    hasFirewall: (id) => isThere(() => client.axios({ method: 'GET', url: `/firewalls/${id}` })),
    deleteFirewall: (id) => isThere(() => client.axios({ method: 'DELETE', url: `/firewalls/${id}` })),

    listSshKeys: (filter) => list('/ssh_keys', 'ssh_keys', ThingAnswer, queryOf(filter)),
    createSshKey: ({ publicKey, ...key }) =>
      ask('POST', '/ssh_keys', 'ssh_key', ThingAnswer, { ...key, public_key: publicKey }),
    hasSshKey: (id) => isThere(() => sshKeys.get(id)),
    deleteSshKey: (id) => isThere(() => sshKeys.delete(id)),

    listSnapshots: (filter) => list('/images', 'images', SnapshotAnswer, { ...queryOf(filter), type: 'snapshot' }),
    getSnapshot: (id) => unlessMissing(() => ask('GET', `/images/${id}`, 'image', SnapshotAnswer)),
    createSnapshot: (serverId, { name, labels }) =>
      ask('POST', `/servers/${serverId}/actions/create_image`, 'action', ActionAnswer, {
        ...{ type: 'snapshot', description: name, labels },
      }),
    deleteSnapshot: (id) => isThere(() => client.axios({ method: 'DELETE', url: `/images/${id}` })),

    listServerTypes: () => list('/server_types', 'server_types', ServerTypeAnswer),
    listLocations: async () => (await list('/locations', 'locations', LocationAnswer)).map(({ name }) => name),
    readPricing: () => ask('GET', '/pricing', 'pricing', PricingAnswer),
  };

  /** For what hcloud-js has no method, or drops what is needed. */
  function ask<T>(method: HcloudRequest['method'], url: string, key: string, answer: z.ZodType<T>, data?: object) {
    return readable(async () => {
      const response = await client.axios({ method, url, ...(data && { data }) });
      return z.object({ [key]: answer }).parse(response.data)[key] as T;
    });
  }

  function list<T>(url: string, key: string, item: z.ZodType<T>, query: Record<string, string> = {}): Promise<T[]> {
    return allPages(async (page) => {
      const { data } = await client.axios({ method: 'GET', url, params: { ...query, page, per_page: perPage } });
      const items = z.object({ [key]: z.array(item) }).parse(data)[key] as T[];
      return { items, nextPage: PageAnswer.parse(data).meta.pagination.next_page };
    });
  }
}

/** The Hetzner Cloud API through hcloud-js; the only file that knows this library. */
import { Client } from 'hcloud-js';
import type { HcloudAction, HcloudRequest, HcloudServer } from 'hcloud-js';
import { z } from 'zod';
import {
  LocationAnswer,
  OrderAnswer,
  PageAnswer,
  PricingAnswer,
  ServerTypeAnswer,
  SnapshotAnswer,
  ThingAnswer,
} from './answers.ts';
import type { Action, Filter, HetznerApi, Server, ServerOrder } from './api.ts';
import { hasCode, ownError } from './errors.ts';
import { judgeAnswer, renameError } from './hardening.ts';

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
    createServer: (order) => ask('POST', '/servers', 'server', OrderAnswer, { data: orderBody(order) }),
    powerOnServer: async (id) => readable(async () => actionOf(await servers.actions.powerOn(id))),
    deleteServer: (id) => isThere(() => servers.delete(id)),
    listServerActions: (id) =>
      allPages(async (page) => {
        const { actions: items, nextPage } = await servers.actions.list(id, { page, perPage });
        return { items: items.map(actionOf), nextPage };
      }),
    getAction: (id) => readable(async () => actionOf(await actions.get(id))),

    listFirewalls: (filter) => list('/firewalls', 'firewalls', ThingAnswer, queryOf(filter)),
    createFirewall: (data) => ask('POST', '/firewalls', 'firewall', ThingAnswer, { data }),
    hasFirewall: (id) => isThere(() => client.axios({ method: 'GET', url: `/firewalls/${id}` })),
    deleteFirewall: (id) => isThere(() => client.axios({ method: 'DELETE', url: `/firewalls/${id}` })),

    listSshKeys: (filter) => list('/ssh_keys', 'ssh_keys', ThingAnswer, queryOf(filter)),
    createSshKey: ({ publicKey, ...key }) =>
      ask('POST', '/ssh_keys', 'ssh_key', ThingAnswer, { data: { ...key, public_key: publicKey } }),
    hasSshKey: (id) => isThere(() => sshKeys.get(id)),
    deleteSshKey: (id) => isThere(() => sshKeys.delete(id)),

    listSnapshots: (filter) =>
      list('/images', 'images', SnapshotAnswer, { ...queryOf(filter), type: 'snapshot', status: 'available' }),
    listServerTypes: () => list('/server_types', 'server_types', ServerTypeAnswer),
    listLocations: async () => (await list('/locations', 'locations', LocationAnswer)).map(({ name }) => name),
    readPricing: () => ask('GET', '/pricing', 'pricing', PricingAnswer),
  };

  /** What hcloud-js has no method for, or what its objects drop. */
  async function ask<T>(
    method: HcloudRequest['method'],
    url: string,
    key: string,
    answer: z.ZodType<T>,
    request: Pick<HcloudRequest, 'params' | 'data'> = {},
  ): Promise<T> {
    const { data } = await client.axios({ method, url, ...request });
    return readable(() => z.object({ [key]: answer }).parse(data)[key] as T);
  }

  function list<T>(url: string, key: string, item: z.ZodType<T>, params: HcloudRequest['params'] = {}): Promise<T[]> {
    return allPages(async (page) => {
      const { data } = await client.axios({ method: 'GET', url, params: { ...params, page, per_page: perPage } });
      return readable(() => ({
        items: z.object({ [key]: z.array(item) }).parse(data)[key] as T[],
        nextPage: PageAnswer.parse(data).meta.pagination.next_page,
      }));
    });
  }
}

function queryOf({ labelSelector, ...filter }: Filter): Record<string, string> {
  return { ...filter, ...(labelSelector !== undefined && { label_selector: labelSelector }) };
}

function orderBody({ type, sshKeyId, firewallId, userData, ...order }: ServerOrder): object {
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

function serverOf({ serverType, publicNet, datacenter, ...server }: HcloudServer): Server {
  const { id, name, labels, created, status } = server;
  const prices = serverType.prices.map(({ location, priceHourly }) => ({ location, hourly: priceHourly.gross }));
  return {
    ...{ id, name, labels, created, status },
    ipv4: publicNet.ipv4.ip || null,
    ipv6: publicNet.ipv6.ip || null,
    location: datacenter.location.name,
    type: { name: serverType.name, prices },
  };
}

function actionOf({ id, command, status, progress, error }: HcloudAction): Action {
  return { id, command, status, progress, error: error ?? null };
}

type Page<T> = { items: T[]; nextPage: number | null };

async function allPages<T>(readPage: (page: number) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let page: number | null = 1; page !== null;) {
    const { items, nextPage }: Page<T> = await readable(() => readPage(page as number));
    all.push(...items);
    page = nextPage;
  }
  return all;
}

/** Whatever fails while an answer is read means that the answer was not what it should be. */
async function readable<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TypeError || error instanceof z.ZodError)
      throw ownError('no_json', 'An answer of unknown form.');
    throw error;
  }
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await readable(read);
  } catch (error) {
    if (hasCode(error, 'not_found')) return undefined;
    throw error;
  }
}

async function isThere(call: () => Promise<unknown>): Promise<boolean> {
  return (await unlessMissing(async () => ({ answer: await call() }))) !== undefined;
}

/** `/servers` of the fake cloud. */
import { z } from 'zod';
import { serverTypes, systemImages } from './catalogue.ts';
import { beginAction } from './fake-actions.ts';
import { page, shown } from './listing.ts';
import { invalidInput, notFound, Refusal } from './refusal.ts';
import type { Route } from './route.ts';
import { checkLabels, checkLimit, checkServerName, checkUnique } from './rules.ts';
import { living, newThing, thingBy } from './state.ts';
import type { FakeServer, FakeState } from './state.ts';
import { actionView, serverView } from './views.ts';

const Order = z.object({
  name: z.string(),
  server_type: z.string(),
  location: z.string(),
  image: z.string(),
  ssh_keys: z.array(z.string()).default([]),
  firewalls: z.array(z.object({ firewall: z.number() })).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  user_data: z.string().max(32768).default(''),
});
type Order = z.infer<typeof Order>;

export const serverRoutes: Record<string, Route> = {
  'GET /servers': (state, { query }) => {
    const servers = shown(state, state.servers, query).map((server) => serverView(state, server));
    return { status: 200, body: page(state, 'servers', servers, query) };
  },
  'GET /servers/:id': (state, { id }) => ({
    status: 200,
    body: { server: serverView(state, thingBy(state.servers, id)) },
  }),
  'GET /servers/:id/actions': (state, { id, query }) => {
    thingBy(state.servers, id);
    const actions = [...state.actions.values()].filter(({ serverId }) => serverId === id);
    return { status: 200, body: page(state, 'actions', actions.map(actionView(state)), query) };
  },
  'POST /servers': (state, { body }) => {
    const server = order(state, Order.parse(body));
    const [create, start] = makeAndStart(state, server);
    if (server.sshKeys.length === 0) state.mailedPasswords += 1;
    const root_password = server.sshKeys.length === 0 ? 'YItygq1v3GYjjMomLaKc' : null;
    const actions = { action: actionView(state)(create), next_actions: [actionView(state)(start)] };
    return { status: 201, body: { server: serverView(state, server), root_password, ...actions } };
  },
  'POST /servers/:id/actions/poweron': (state, { id }) => {
    const server = unlocked(state, thingBy(state.servers, id));
    const action = beginAction(state, 'start_server', server, (isOk) => (server.status = isOk ? 'running' : 'off'));
    return { status: 201, body: { action: actionView(state)(action) } };
  },
  'DELETE /servers/:id': (state, { id }) => {
    const server = unlocked(state, thingBy(state.servers, id));
    server.status = 'deleting';
    const action = beginAction(state, 'delete_server', server, (isOk) => {
      if (isOk) server.goneAt = state.clock;
      else server.status = 'off';
    });
    return { status: 200, body: { action: actionView(state)(action) } };
  },
};

/** Hetzner does one thing with a server at a time. */
export function unlocked(state: FakeState, server: FakeServer): FakeServer {
  const isBusy = [...state.actions.values()].some(
    ({ serverId, endsAt }) => serverId === server.id && endsAt > state.clock,
  );
  if (isBusy) throw new Refusal(423, 'locked', 'server is locked');
  return server;
}

function order(state: FakeState, given: Order): FakeServer {
  checkServerName(given.name);
  checkLabels(given.labels);
  checkUnique(state.servers, given.name);
  checkPlace(state, given);
  checkParts(state, given);
  checkLimit(state.servers, state.options.serverLimit, 'server');
  const { server_type: type, location, image, ssh_keys: sshKeys, user_data: userData } = given;
  const firewalls = given.firewalls.map(({ firewall }) => firewall);
  const parts = { type, location, image, sshKeys, firewalls, userData };
  const server: FakeServer = { ...newThing(state, given.name, given.labels), ...parts, status: 'initializing' };
  state.servers.set(server.id, server);
  return server;
}

function checkPlace({ options }: FakeState, { server_type, location }: Order): void {
  const type = serverTypes.find(({ name }) => name === server_type);
  if (!type) throw invalidInput(`server type '${server_type}' not found`);
  const place = `${server_type}@${location}`;
  const isPriced = type.prices.some((price) => price.location === location);
  if (!isPriced || options.unsupported.has(place)) throw invalidInput('unsupported location for server type');
  if (options.soldOut.has(place)) throw new Refusal(412, 'resource_unavailable', 'error during placement');
}

function checkParts(state: FakeState, { image, ssh_keys, firewalls }: Order): void {
  const isKnown = systemImages.includes(image) || living(state.snapshots).some(({ id }) => String(id) === image);
  if (!isKnown) throw invalidInput(`image '${image}' not found`);
  const keys = new Set(living(state.sshKeys).map(({ id }) => String(id)));
  if (!ssh_keys.every((key) => keys.has(key))) throw invalidInput('SSH key not found');
  const known = new Set(living(state.firewalls).map(({ id }) => id));
  for (const { firewall } of firewalls) if (!known.has(firewall)) throw notFound(`firewall with ID '${firewall}'`);
}

function makeAndStart(state: FakeState, server: FakeServer) {
  const became = (status: FakeServer['status']) => (isOk: boolean) => (server.status = isOk ? status : 'off');
  const create = beginAction(state, 'create_server', server, became('starting'));
  const start = beginAction(state, 'start_server', server, began, create);
  return [create, start] as const;

  function began(isOk: boolean): void {
    became('running')(isOk);
    const turns = state.options.poweroffTurnsOf(server);
    if (turns !== undefined) server.offAt = state.clock + turns;
  }
}

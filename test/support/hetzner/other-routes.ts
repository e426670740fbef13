/** All of the fake cloud but `/servers` and `/images`. */
import { z } from 'zod';
import { fingerprint, locations, pricing, serverTypes } from './catalogue.ts';
import { page, shown } from './listing.ts';
import { notFound, notUnique, Refusal } from './refusal.ts';
import type { Route } from './route.ts';
import { checkLabels, checkLimit, checkUnique } from './rules.ts';
import { living, newThing, thingBy } from './state.ts';
import type { FakeFirewall, FakeSshKey, FakeState } from './state.ts';
import { actionView, firewallView, sshKeyView } from './views.ts';

const Labels = z.record(z.string(), z.string()).default({});
const Rule = z.object({
  direction: z.string(),
  protocol: z.string(),
  port: z.string().optional(),
  source_ips: z.array(z.string()),
});
const NewFirewall = z.object({ name: z.string(), labels: Labels, rules: z.array(Rule) });
const NewSshKey = z.object({ name: z.string(), labels: Labels, public_key: z.string().regex(/^ssh-/) });

export const otherRoutes: Record<string, Route> = {
  'GET /actions/:id': (state, { id }) => {
    const action = state.actions.get(id);
    if (!action) throw notFound(`action with ID '${id}'`);
    return { status: 200, body: { action: actionView(state)(action) } };
  },

  'GET /firewalls': (state, { query }) => {
    const firewalls = shown(state, state.firewalls, query).map((firewall) => firewallView(state, firewall));
    return { status: 200, body: page(state, 'firewalls', firewalls, query) };
  },
  'GET /firewalls/:id': (state, { id }) => ({
    status: 200,
    body: { firewall: firewallView(state, thingBy(state.firewalls, id)) },
  }),
  'POST /firewalls': (state, { body }) => {
    const { name, labels, rules } = NewFirewall.parse(body);
    checkLabels(labels);
    checkUnique(state.firewalls, name);
    checkLimit(state.firewalls, state.options.firewallLimit, 'firewall');
    const firewall = { ...newThing(state, name, labels), rules } as FakeFirewall;
    state.firewalls.set(firewall.id, firewall);
    return { status: 201, body: { firewall: firewallView(state, firewall), actions: [] } };
  },
  'DELETE /firewalls/:id': (state, { id }) => {
    const firewall = thingBy(state.firewalls, id);
    const isUsed = living(state.servers).some(({ firewalls }) => firewalls.includes(id));
    if (isUsed) throw new Refusal(422, 'resource_in_use', `firewall with ID '${id}' is still in use`);
    firewall.goneAt = state.clock;
    return { status: 204 };
  },

  'GET /ssh_keys': (state, { query }) => {
    const wanted = query['fingerprint'];
    const keys = shown(state, state.sshKeys, query).filter((key) => wanted === undefined || key.fingerprint === wanted);
    return { status: 200, body: page(state, 'ssh_keys', keys.map(sshKeyView), query) };
  },
  'GET /ssh_keys/:id': (state, { id }) => ({ status: 200, body: { ssh_key: sshKeyView(thingBy(state.sshKeys, id)) } }),
  'POST /ssh_keys': (state, { body }) => {
    const key = newSshKey(state, NewSshKey.parse(body));
    state.sshKeys.set(key.id, key);
    return { status: 201, body: { ssh_key: sshKeyView(key) } };
  },
  'DELETE /ssh_keys/:id': (state, { id }) => {
    thingBy(state.sshKeys, id).goneAt = state.clock;
    return { status: 204 };
  },

  'GET /locations': (state, { query }) => ({ status: 200, body: page(state, 'locations', locations, query) }),
  'GET /server_types': (state, { query }) => ({ status: 200, body: page(state, 'server_types', serverTypes, query) }),
  'GET /pricing': ({ options }) => {
    if (!options.showsPricing) throw notFound('pricing');
    return { status: 200, body: { pricing } };
  },
};

function newSshKey(state: FakeState, given: z.infer<typeof NewSshKey>): FakeSshKey {
  const { name, labels, public_key: publicKey } = given;
  checkLabels(labels);
  checkUnique(state.sshKeys, name);
  const own = fingerprint(publicKey);
  if (living(state.sshKeys).some((key) => key.fingerprint === own)) throw notUnique('the fingerprint');
  return { ...newThing(state, name, labels), publicKey, fingerprint: own };
}

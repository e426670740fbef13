/** One schedule's world: a project at Hetzner and a zone at Cloudflare, shared with others, and an installation's store. */
import { createKeyring } from '../../store/keyring.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { startFakeCloudflare, type FakeCloudflare } from '../support/cloudflare/fake-cloudflare.ts';
import { openFakeHetzner, type FakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { actionErrors } from '../support/hetzner/faults.ts';
import { living, type FakeServer } from '../support/hetzner/state.ts';
import { newKey } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { settleStrangers, type Strangers } from './strangers.ts';
import type { Mishaps, Schedule } from './schedule.ts';

/** Whoever calls the clouds in the course of a world: a workspace's activities, or the sweep's. */
export interface Actor {
  mishaps: Mishaps;
  /** How many calls it has made so far. */
  calls: number;
  /** Whether somebody asked for a stop. */
  isStopped: boolean;
  /** Asked at each call, before anything else. */
  onCall?: (call: number) => Promise<void>;
}

export interface World {
  schedule: Schedule;
  hetzner: FakeHetzner;
  cloudflare: FakeCloudflare;
  store: Store;
  strangers: Strangers;
  /** By workflow id. */
  actors: Map<string, Actor>;
  /** Workspaces that are being accepted at this moment. They are not live yet, and too young to be swept. */
  accepting: Set<string>;
  /** The server's time at the beginning, and at the last turn. */
  beganAt: number;
  now: number;
  /** How many attempts of activities there were so far, and how many go on; the killed are over. */
  attempts: { begun: number; underWay: number };
  /** What was promised and not kept. */
  broken: string[];
  close(): Promise<void>;
}

export const installation = 'pawl-test';

export async function openWorld(schedule: Schedule, now: number): Promise<World> {
  const { lagTurns, actionTurns, failedCreations, soldOut, serverLimit, firewallLimit } = schedule.hetzner;
  const hetzner = await openFakeHetzner({
    ...{ lagTurns, actionTurns },
    soldOut: new Set(soldOut),
    actionErrorOf: actionErrors('create_server', failedCreations, 'the host broke'),
  });
  const cloudflare = await startFakeCloudflare();
  const folder = await temporaryFolder();
  const store = await openStore({ home: folder.path, keyring: createKeyring([newKey()]) });
  const strangers = await settleStrangers(hetzner, cloudflare);
  const { options, servers, firewalls } = hetzner.state;
  Object.assign(options, { serverLimit: servers.size + serverLimit, firewallLimit: firewalls.size + firewallLimit });
  const world: World = {
    ...{ schedule, hetzner, cloudflare, store, strangers, beganAt: now, now },
    actors: new Map(),
    accepting: new Set(),
    attempts: { begun: 0, underWay: 0 },
    broken: [],
    async close() {
      await hetzner.close();
      await cloudflare[Symbol.asyncDispose]();
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
  watchCreations(world);
  watchAccounts(world);
  return world;
}

/** The workspace's servers that exist at this moment, by label. */
export function serversOf({ hetzner }: Pick<World, 'hetzner'>, workspaceId: string): FakeServer[] {
  return living(hetzner.state.servers).filter(
    ({ labels }) => labels['io.pawl.installation'] === installation && labels['io.pawl.workspace'] === workspaceId,
  );
}

/** A turn begins. */
export function passTime(world: World, now: number): void {
  world.now = now;
  if (minuteOf(world) >= world.schedule.hetzner.soldOutMinutes) world.hetzner.state.options.soldOut.clear();
}

/** Since the beginning. */
export function minuteOf({ beganAt, now }: World): number {
  return (now - beganAt) / 60_000;
}

export function isDown(world: World, api: 'hetzner' | 'cloudflare'): boolean {
  const { schedule } = world;
  const minute = minuteOf(world);
  return schedule.outages.some(
    (outage) => outage.api === api && minute >= outage.fromMinute && minute < outage.fromMinute + outage.minutes,
  );
}

/** There are never two, not even for a moment. */
function watchCreations(world: World): void {
  const { servers } = world.hetzner.state;
  const set = servers.set.bind(servers);
  servers.set = (id, server) => {
    set(id, server);
    const workspaceId = server.labels['io.pawl.workspace'] ?? '';
    const count = serversOf(world, workspaceId).length;
    if (count > 1) world.broken.push(`${count} servers at once for ${workspaceId}`);
    return servers;
  };
}

/** Nothing stops costing money while it is there. */
function watchAccounts(world: World): void {
  const { costs } = world.store;
  const close = costs.close.bind(costs);
  costs.close = async (machines, at) => {
    const count = serversOf(world, machines.workspaceId).length;
    if (count > 0) world.broken.push(`${machines.workspaceId} counts as paid for, and has a server`);
    await close(machines, at);
  };
}

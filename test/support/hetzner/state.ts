/**
 * What the fake cloud has. Its time goes on by one with each request, and everything that takes time there takes a number
 * of requests: so a test waits for nothing, and the same requests always meet the same state.
 */
import type { FakeOptions } from './options.ts';
import { notFound } from './refusal.ts';

export interface FakeThing {
  id: number;
  name: string;
  labels: Record<string, string>;
  created: string;
  bornAt: number;
  /** `undefined` while it exists. */
  goneAt: number | undefined;
}

export interface FakeServer extends FakeThing {
  status: 'initializing' | 'starting' | 'running' | 'off' | 'deleting';
  type: string;
  location: string;
  image: string;
  sshKeys: string[];
  firewalls: number[];
  userData: string;
  /** When it powers itself off, if it does. */
  offAt?: number;
}

export interface FakeFirewall extends FakeThing {
  rules: { direction: string; protocol: string; port?: string; source_ips?: string[] }[];
}

export interface FakeSshKey extends FakeThing {
  fingerprint: string;
  publicKey: string;
}

export interface FakeSnapshot extends FakeThing {
  status: 'creating' | 'available' | 'unavailable';
  architecture: 'x86' | 'arm';
  sizeGb: number;
  diskGb: number;
  isProtected?: boolean;
}

export interface FakeAction {
  id: number;
  command: string;
  serverId: number;
  startedAt: number;
  endsAt: number;
  created: string;
  error: { code: string; message: string } | null;
  /** What it changes once it ends. */
  effect: ((hasSucceeded: boolean) => void) | undefined;
}

export interface FakeState {
  options: FakeOptions;
  clock: number;
  servers: Map<number, FakeServer>;
  firewalls: Map<number, FakeFirewall>;
  sshKeys: Map<number, FakeSshKey>;
  snapshots: Map<number, FakeSnapshot>;
  actions: Map<number, FakeAction>;
  /** How many root passwords were mailed, as happens to servers without a key. */
  mailedPasswords: number;
  nextId: number;
}

export function emptyState(options: FakeOptions): FakeState {
  const none = { servers: new Map(), firewalls: new Map(), sshKeys: new Map(), snapshots: new Map() };
  return { options, clock: 0, ...none, actions: new Map(), mailedPasswords: 0, nextId: 1000 };
}

/** The fields that every new thing has. */
export function newThing(state: FakeState, name: string, labels: Record<string, string> = {}): FakeThing {
  const created = new Date().toISOString();
  return { id: state.nextId++, name, labels, created, bornAt: state.clock, goneAt: undefined };
}

/** What exists, whatever lists show. */
export function living<T extends FakeThing>(things: Map<number, T>): T[] {
  return [...things.values()].filter(({ goneAt }) => goneAt === undefined);
}

/** The one with this id, as `GET` by id has it: never late. */
export function thingBy<T extends FakeThing>(things: Map<number, T>, id: number): T {
  const thing = things.get(id);
  if (!thing || thing.goneAt !== undefined) throw notFound(`resource with ID '${id}'`);
  return thing;
}

/** One request later: what has ended meanwhile has its effect. */
export function tick(state: FakeState): void {
  state.clock += 1;
  for (const action of state.actions.values()) {
    if (action.endsAt > state.clock || !action.effect) continue;
    const { effect } = action;
    action.effect = undefined;
    effect(action.error === null);
  }
  for (const server of living(state.servers)) {
    if (server.status === 'running' && server.offAt !== undefined && server.offAt <= state.clock) server.status = 'off';
  }
}

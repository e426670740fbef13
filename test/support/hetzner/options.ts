/** How a test wants the fake cloud to be. All can be changed while it runs. */
import type { Call, Fault } from './faults.ts';
import type { FakeServer } from './state.ts';

export interface FakeOptions {
  token: string;
  /** How many requests an action takes: `create_server`, `start_server`, `delete_server`. */
  actionTurns: number;
  /** The same of `create_image`. */
  snapshotTurns: number;
  /** For how many requests lists do not show what happened. */
  lagTurns: number;
  pageSize: number;
  /** Whether lists heed label selectors. */
  filtersLabels: boolean;
  /** What goes wrong with a request, if anything. */
  faultOf: (call: Call) => Fault | undefined;
  /** How an action fails, if it does. */
  actionErrorOf: (command: string) => { code: string; message: string } | undefined;
  /** Types of server for which there is no room, as `cx23@fsn1`. */
  soldOut: Set<string>;
  /** Priced there, and yet not made there. */
  unsupported: Set<string>;
  serverLimit: number;
  firewallLimit: number;
  hasIpv4: boolean;
  ipv4Of: (serverId: number) => string;
  /** How many requests after its start a server powers itself off, if it does. */
  poweroffTurnsOf: (server: FakeServer) => number | undefined;
  /** Answers as before July 2026, with a datacenter. */
  hasDatacenter: boolean;
  showsPricing: boolean;
}

export const ordinary: FakeOptions = {
  token: 'test-token',
  actionTurns: 2,
  snapshotTurns: 2,
  lagTurns: 0,
  pageSize: 50,
  filtersLabels: true,
  faultOf: () => undefined,
  actionErrorOf: () => undefined,
  soldOut: new Set(),
  unsupported: new Set(),
  serverLimit: 1000,
  firewallLimit: 1000,
  hasIpv4: true,
  ipv4Of: (serverId) => `203.0.113.${serverId % 256}`,
  poweroffTurnsOf: () => undefined,
  hasDatacenter: false,
  showsPricing: true,
};

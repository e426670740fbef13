/** The Hetzner Cloud API as Pawl uses it. Every call fails with `HetznerError`, and with `AbortError` once it is aborted. */

export type Labels = Record<string, string>;

/** Which of a list: Hetzner's own filters, which may lag behind. */
export interface Filter {
  labelSelector?: string;
  name?: string;
  fingerprint?: string;
}

export interface HetznerApi {
  /** All of them, to the last page, like every list here. */
  listServers: (filter: Filter) => Promise<Server[]>;
  /** `undefined` when there is none. */
  getServer(id: number): Promise<Server | undefined>;
  /** Resolves when the order is accepted; an action then makes the server. */
  createServer(order: ServerOrder): Promise<{ id: number }>;
  powerOnServer(id: number): Promise<Action>;
  /** Whether there was one, like every deletion here; gone already is fine. */
  deleteServer(id: number): Promise<boolean>;
  listServerActions(serverId: number): Promise<Action[]>;
  getAction(id: number): Promise<Action>;

  listFirewalls: (filter: Filter) => Promise<Thing[]>;
  createFirewall(firewall: { name: string; labels: Labels; rules: FirewallRule[] }): Promise<Thing>;
  hasFirewall(id: number): Promise<boolean>;
  deleteFirewall(id: number): Promise<boolean>;

  listSshKeys(filter: Filter): Promise<Thing[]>;
  createSshKey(key: { name: string; labels: Labels; publicKey: string }): Promise<Thing>;
  hasSshKey(id: number): Promise<boolean>;
  deleteSshKey(id: number): Promise<boolean>;

  /** Whatever their status is. */
  listSnapshots(filter: Filter): Promise<Snapshot[]>;
  getSnapshot(id: number): Promise<Snapshot | undefined>;
  /** Resolves when it was begun; the snapshot is being made until the action ends. */
  createSnapshot(serverId: number, snapshot: { name: string; labels: Labels }): Promise<Action>;
  deleteSnapshot(id: number): Promise<boolean>;

  listServerTypes(): Promise<ServerType[]>;
  listLocations(): Promise<string[]>;
  readPricing(): Promise<Pricing>;
}

/** What firewalls, keys and servers have in common. */
export interface Thing {
  id: number;
  name: string;
  labels: Labels;
  created: Date;
}

export interface Server extends Thing {
  status: string;
  ipv4: string | null;
  /** The network, such as `2001:db8:1:2::/64`. */
  ipv6: string | null;
  location: string;
  type: { name: string; prices: LocationPrice[] };
}

export interface ServerOrder {
  name: string;
  labels: Labels;
  type: string;
  location: string;
  /** A name, or the id of a snapshot. */
  image: string;
  sshKeyId: number;
  firewallId: number;
  userData: string;
}

export interface Action {
  id: number;
  command: string;
  status: 'running' | 'success' | 'error';
  /** Per cent. */
  progress: number;
  error: { code: string; message: string } | null;
}

export interface FirewallRule {
  direction: 'in';
  protocol: 'tcp' | 'icmp';
  port?: string;
  source_ips: string[];
}

export interface Snapshot extends Thing {
  /** `available` can be used; else it is being made, or that failed. */
  status: string;
  sizeGb: number;
  /** A server made of it needs a disk at least as large. */
  diskGb: number;
  architecture: string;
  /** The operator does not want it deleted. */
  isProtected: boolean;
}

export interface ServerType {
  name: string;
  cores: number;
  memoryGb: number;
  diskGb: number;
  architecture: string;
  prices: LocationPrice[];
}

/** What something costs at a location, taxes included, in the project's currency: an hour, and a month at most. */
export interface LocationPrice {
  location: string;
  hourly: number;
  monthly: number;
}

export interface Pricing {
  currency: string;
  /** Of a server's IPv4 address, which is charged by itself. */
  ipv4: LocationPrice[];
  snapshotGbMonth: number;
}

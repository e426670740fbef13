/** What a machine provider promises. A provider is one file and one line in `index.ts`; a contract suite runs over the list. */
import type { z } from 'zod';
import type { BreakerReport } from '../../store/store.ts';
import type { Money, Resource, SizeOffer } from '../../workflows/contract/resources.ts';
import type { WorkspaceSize } from '../../workflows/contract/workspace.schema.ts';
import type { MachineImages } from './machine-images.ts';

export interface MachineProviderDefinition<Settings extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  /** The environment this provider reads. `workers/config.ts` parses it when the provider is chosen. */
  readonly settings: Settings;
  create(settings: z.infer<Settings>, host: ProviderHost): MachineProvider;
}

/** What a provider may know of the installation it works for. */
export interface ProviderHost {
  /** Marks everything that this installation makes; exact match only. */
  installation: string;
  /** Folder for the provider's own caches. */
  cacheDir: string;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface MachineProvider {
  readonly id: string;

  /** Set where nothing costs money, so that no cost cap pauses creation. */
  readonly isFree?: boolean;

  /** Whether the provider is spared at the moment; see `with-breaker.ts`. */
  breaker?(): BreakerReport;

  /** Whether its machines are reached by names that must be published in DNS; then it can be used with a provider of names only. */
  readonly needsNames?: boolean;

  /** Whether machines can be made here now. Never throws; answers within a few seconds. */
  checkAvailability(): Promise<Availability>;

  /**
   * Gets ready what machines are made from, where that takes long (an image to build). Called once before the first
   * machine is asked for; `progress` hears what goes on. Quick when everything is ready.
   */
  prepare?(progress: (line: string) => void): Promise<void>;

  /** What each size of workspace is made of here, and what it costs. A size that cannot be had is left out. */
  sizes?(): Promise<SizeOffer[]>;

  /**
   * Finds the workspace's machine by its label, or creates it, and starts it if it never ran. Converges from any half-made
   * state: called again after a crash at any instruction, there is one machine. Returns when the provider says that it
   * runs, which does not mean that it is ready.
   * Fails with `ProviderUnavailable`, `NoCapacity`, `ProviderRefused` or `QuotaExceeded`. Honours `signal`.
   */
  ensureMachine(spec: MachineSpec, signal: AbortSignal): Promise<Machine>;

  /**
   * The workspace's machine as the provider sees it now. With the `providerId` that `ensureMachine` told, the machine of
   * that id is asked for, and `undefined` means that it is gone for good. Without it, `undefined` means that no list shows
   * one: lists may lag behind, so a machine that was made a moment ago may exist all the same.
   */
  findMachine(workspaceId: string, providerId?: string): Promise<Machine | undefined>;

  /** Every machine with exactly this installation's label. Fails rather than return a partial list. */
  listMachines(): Promise<Machine[]>;

  /**
   * Everything of this installation that the provider has, machines and what belongs to them. Fails rather than return a
   * partial list. What has a workspace goes with `removeMachine`.
   */
  listResources(): Promise<Resource[]>;

  /**
   * Removes the workspace's machine with all that belongs to it (volumes, networks, addresses), also when half-made.
   * Resolves only when the provider itself says that nothing is left; nothing there to begin with is fine.
   */
  removeMachine(workspaceId: string, signal: AbortSignal): Promise<void>;

  /** What machines share (a key, say), was made before then, and no machine of this installation needs any more. */
  listUnused?(before: Date): Promise<Resource[]>;

  /**
   * Removes those things; returns what it removed. Harmless to creations under way: one that loses something this way
   * fails, and its next try makes it anew.
   */
  removeUnused?(before: Date, signal: AbortSignal): Promise<Resource[]>;

  /** Where images can be made ahead, for machines to be ready sooner. */
  readonly images?: MachineImages;
}

export interface Availability {
  available: boolean;
  /** Why not, and what to do about it; `null` when available. */
  reason: string | null;
}

export interface MachineSpec {
  workspaceId: string;
  size: WorkspaceSize;
  /** Of the terminal, see `workflows/contract/hostnames.ts`. */
  hostname: string;
  /** Rendered cloud-init user-data; holds the per-VM token, so it goes nowhere but to the machine. */
  userData: string;
}

export interface Machine {
  workspaceId: string;
  providerId: string;
  state: 'starting' | 'running' | 'stopped';
  ipAddress: string | null;
  /** Where the terminal is reached from outside, e.g. `https://ui.ws-k3x9a1.vm.localhost:8443/`. */
  accessUrl: string;
  /** How the control plane itself reaches that address, where names do not resolve (`*.localhost` in Node). */
  connectTo: { host: string; port: number };
  /** Whether its hostname must be published in DNS; local machines are reached by names that need none. */
  needsName: boolean;
  /** What it costs for as long as it exists; `null` when nothing. */
  hourlyPrice: Money | null;
  /** What it costs in a calendar month at most, where the provider has such a limit. */
  monthlyPrice?: Money | null;
  createdAt: Date;
}

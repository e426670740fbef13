/** The words of upkeep: what is looked for regularly, and what is told about it. */
import type { ResourceKind } from './resources.ts';

/** The schedule that sweeps; the API reads from it when things without an owner go. */
export const orphanSweepSchedule = 'orphan-sweep';

/** What the sweep does with what it finds. */
export type SweepMode = 'remove' | 'report';

export interface SweepRequest {
  /** Younger things are spared: they may be being made at this moment. */
  minAgeMinutes: number;
  /** `remove` when left out, as by schedules from before there was a choice. */
  mode?: SweepMode;
}

/** What is left of one workspace in one place, or (`workspaceId: null`) a shared thing that nothing uses any more. */
export interface Orphan {
  /** Id of a provider, or `secrets`. */
  place: string;
  workspaceId: string | null;
  things: { kind: ResourceKind | 'secret'; id: string }[];
}

/** Left of a workspace that does not live. */
export interface OwnedOrphan extends Orphan {
  workspaceId: string;
}

/** What became of an orphan: `spared` came to life meanwhile, `reported` would have been removed. */
export interface SweptOrphan extends Orphan {
  outcome: 'removed' | 'spared' | 'reported' | 'failed';
  /** Why it failed. */
  reason: string | null;
}

export interface Unreadable {
  place: string;
  reason: string;
}

export interface SweepReport {
  orphans: SweptOrphan[];
  /** Places that could not be read whole: nothing was removed there. */
  unreadable: Unreadable[];
}

/** One at a time: whoever asks while it runs gets its answer too. */
export const resourceLedgerWorkflowId = 'resource-ledger';

/** Which providers' resources are in the store now, as they were a moment ago. */
export interface LedgerReading {
  read: string[];
  unreadable: Unreadable[];
}

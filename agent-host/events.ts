/** What an agent host tells of its run, in order: `agent.started` first, `agent.ended` last and once. */
import type { AgentOutcome } from './agents/agent.ts';

/** Where the work was found again after the host died: on its own volume, or behind the fence of the last checkpoint. */
export type Resumed = 'volume' | 'checkpoint';

/** A path that the result lacks, and why. */
export interface LeftOut {
  path: string;
  reason: string;
}

export interface AgentEnded extends AgentOutcome {
  /** Files of the run that hold the result. */
  files: string[];
  leftOut: LeftOut[];
}

export interface AgentEvents {
  'agent.started': { agent: string; version: string | null; resumed: Resumed | null };
  /**
   * The provider's message, untouched. One that is too big for an event comes as its first part, one nested too deeply without
   * its depths.
   */
  'agent.message': { message: unknown } | { omittedBytes: number; start: string };
  'agent.log': { stream: 'stdout' | 'stderr'; text: string };
  'checkpoint.saved': { n: number; file: string };
  'agent.ended': AgentEnded;
}

export type AgentEventType = keyof AgentEvents;

/** An event as the door takes it; `seq` counts from 1 without gaps. */
export interface NumberedEvent {
  seq: number;
  type: AgentEventType;
  data: unknown;
}

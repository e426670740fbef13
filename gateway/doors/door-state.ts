import type { Logger } from 'pino';
import type { Door } from '../../store/gateway.ts';

/** One open door, and what the gateway remembers about it while it is open. Losing this memory loses nothing. */
export interface DoorState {
  /** Replaced when the door is opened again with another policy. */
  door: Door;
  log: Logger;
  /** Calls to models under way. */
  modelCalls: number;
  /** Connections to the outside. */
  tunnels: number;
  /** Hosts whose refusal the event log has. */
  refusedHosts: Set<string>;
  /** How far the run's event stream is; unknown until somebody asks. */
  stream: { bytes: number; lastSeq: number } | undefined;
  /** Requests and connections under way. */
  underWay: Set<Promise<void>>;
  /** The last upload, which the next one waits for. */
  uploads: Promise<unknown>;
}

/** A door that was just opened. */
export function newDoorState(door: Door, log: Logger): DoorState {
  return {
    ...{ door, log, modelCalls: 0, tunnels: 0, refusedHosts: new Set(), stream: undefined },
    underWay: new Set(),
    uploads: Promise.resolve(),
  };
}

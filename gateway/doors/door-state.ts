import type { Logger } from 'pino';
import type { Door } from '../../store/gateway.ts';
import { createTurns } from '../turns.ts';
import type { TakeTurn } from '../turns.ts';

/** One open door, and what the gateway remembers about it while it is open. Losing this memory loses nothing. */
export interface DoorState {
  /** Replaced when the door is opened again with another policy. */
  door: Door;
  log: Logger;
  /** Calls to models under way. */
  modelCalls: number;
  /** Requests to models that are held in memory. */
  heldBytes: number;
  /** Connections to the outside. */
  tunnels: number;
  /** Hosts whose refusal the event log has. */
  refusedHosts: Set<string>;
  /** How far the run's event stream is; unknown until somebody asks. */
  stream: { bytes: number; lastSeq: number } | undefined;
  /** Requests and connections under way. */
  underWay: Set<Promise<void>>;
  /** One upload at a time: together they keep to a limit. */
  takeUploadTurn: TakeTurn;
  /** One batch of events at a time, also in memory: what is answered must be true of the whole stream. */
  takeEventTurn: TakeTurn;
}

/** A door that was just opened. */
export function newDoorState(door: Door, log: Logger): DoorState {
  return {
    ...{ door, log, modelCalls: 0, heldBytes: 0, tunnels: 0, refusedHosts: new Set(), stream: undefined },
    underWay: new Set(),
    takeUploadTurn: createTurns(),
    takeEventTurn: createTurns(),
  };
}

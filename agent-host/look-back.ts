/** What earlier hosts of this run have come to. */
import path from 'node:path';
import type { AgentOutcome } from './agents/agent.ts';
import { readJson } from './durable.ts';
import type { Host } from './host.ts';

export interface Past {
  /** The end was told; at most its delivery is left to do. */
  isOver: boolean;
  /** How the agent's work ended, when only the collecting of its result is left. */
  outcome: AgentOutcome | undefined;
  /** An agent worked already, on this volume or on one that is lost. */
  lost: 'nothing' | 'host' | 'volume';
}

/** The last thing that a host hands in before it tells the end. */
export const endFile = 'end.json';

export interface End {
  /** The seq of `agent.ended`. */
  seq: number;
}

/** Looks at the volume, and asks the stream, which knows of hosts whose volume is lost. */
export async function lookBack({ spool, door, places }: Host): Promise<Past> {
  const acked = await door.sendEvents([]);
  const isVolumeLost = acked > spool.lastSeq();
  if (isVolumeLost) spool.continueAfter(acked);
  const outcome = await readJson<AgentOutcome>(path.join(places.spool, 'outcome.json'));
  const isOver = spool.found.isEnded || (isVolumeLost && (await wasEndTold(acked)));
  return { isOver, outcome, lost: isVolumeLost ? 'volume' : spool.found.isStarted ? 'host' : 'nothing' };

  async function wasEndTold(lastSeq: number): Promise<boolean> {
    const file = path.join(places.spool, endFile);
    if (!(await door.download(endFile, file))) return false;
    const end = await readJson<End>(file);
    return end !== undefined && end.seq <= lastSeq;
  }
}

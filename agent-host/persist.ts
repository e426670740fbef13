/** Trying again, for as long as it takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DoorRefused } from './door-request.ts';

const firstPauseMs = 50;
const longestPauseMs = 5000;

/** The result of `attempt`, repeated ever more slowly until it succeeds or is refused. */
export async function persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof DoorRefused) throw error;
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}

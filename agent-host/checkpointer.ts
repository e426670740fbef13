/** When to make a checkpoint, and telling of it. */
import type { Agent } from './agents/agent.ts';
import { checkpointFile, makeCheckpoint } from './checkpoints.ts';
import { boundsOf } from './collect.ts';
import type { Host } from './host.ts';
import type { JobLimits } from './job.ts';

export interface Checkpointer {
  readonly isDue: () => boolean;
  /** Never fails: the work can go on without. */
  readonly save: () => Promise<void>;
  /** Resolves when the last one has been handed in, or was refused. */
  sent(): Promise<void>;
}

const usualSeconds = 60;
/** A big checkout is saved less often: checkpoints may take a twentieth of the time. */
const pausePerSave = 20;

/** Counts on from the checkpoints that are noted in the memory. */
export function createCheckpointer(host: Host, agent: Agent, limits: JobLimits): Checkpointer {
  const { places, door, spool, memory } = host;
  const bounds = boundsOf(limits);
  const pauseMs = (limits.checkpointSeconds ?? usualSeconds) * 1000;
  let nextAt = performance.now() + pauseMs;
  let sending: Promise<void> | undefined;

  async function send(file: string, n: number): Promise<void> {
    await door.upload(checkpointFile, file);
    await spool.append('checkpoint.saved', { n, file: checkpointFile });
  }

  return {
    isDue: () => sending === undefined && performance.now() >= nextAt,
    async save() {
      try {
        await saveNow();
      } catch (error) {
        // The work goes on without it.
        await spool.append('agent.log', { stream: 'stderr', text: `no checkpoint: ${(error as Error).message}` });
      }
    },
    async sent() {
      await sending;
    },
  };

  async function saveNow(): Promise<void> {
    const before = performance.now();
    nextAt = before + pauseMs;
    await memory.note({ checkpoints: memory.noted.checkpoints + 1 });
    const { checkpoints: n, providerSessionId, workedMs } = memory.noted;
    const file = await makeCheckpoint(places, agent, { n, providerSessionId, workedMs, bounds });
    nextAt = performance.now() + Math.max(pauseMs, (performance.now() - before) * pausePerSave);
    // The agent goes on while it is sent.
    sending = send(file, n)
      // One that is refused, as for its size, is no reason to stop the agent.
      .catch(() => undefined)
      .finally(() => (sending = undefined));
  }
}

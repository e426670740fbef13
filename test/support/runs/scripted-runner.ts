/** A runner whose engine is a map: what it is told to do wrong, it does wrong. */
import { EventEmitter, once } from 'node:events';
import { failure } from '../../../activities/failures.ts';
import { whileHeartbeating } from '../../../activities/heartbeat.ts';
import type { HeldPlace } from '../../../workflows/contract/run.ts';
import type { AgentExit, RunName, RunnerSteps } from '../../../workflows/contract/run-steps.ts';
import { hostQueue } from '../../../workflows/contract/task-queues.ts';
import { endAgent, type RunWorld } from './run-world.ts';

export type TellPlace = (runId: string, place: HeldPlace) => Promise<void>;

/** A cancellation arrives with one of the next heartbeats. */
const beatMs = 100;

/** The steps at one host of this world. */
export function createScriptedRunner(world: RunWorld, hostId: string, tellPlace: TellPlace): RunnerSteps {
  const places = new Set<string>();
  world.held.set(hostId, places);
  const leaving = new EventEmitter();
  const gone = async (runId: string): Promise<unknown> => await once(leaving, runId);

  return {
    holdRunner: async ({ runId, hold }) =>
      await whileHeartbeating(async (signal) => {
        await world.script.before?.('holdRunner', runId);
        places.add(runId);
        world.mostHeld = Math.max(world.mostHeld, places.size);
        try {
          await tellPlace(runId, { hostId, queue: hostQueue(hostId), hold });
          await Promise.race([gone(runId), aborted(signal)]);
        } finally {
          places.delete(runId);
        }
      }, beatMs),
    ensureAgentContainer: step(world, 'ensureAgentContainer', ({ runId }) => startContainer(world, hostId, runId)),
    waitForAgent: async (run) => {
      await world.script.before?.('waitForAgent', run.runId);
      world.journal.push(`waitForAgent ${run.runId}`);
      return await whileHeartbeating((signal) => Promise.race([exitOf(world, run), aborted(signal)]), beatMs);
    },
    stopAgent: step(world, 'stopAgent', ({ runId }) => endAgent(world, runId, { outcome: 'aborted' })),
    collectResults: step(world, 'collectResults', ({ runId }) => {
      const found = world.containers.get(runId)?.ending;
      if (!found) throw failure('AgentFailed', 'Nothing is left of the agent.');
      return { ...found };
    }),
    removeRunRemains: step(world, 'removeRunRemains', ({ runId }) => {
      world.containers.delete(runId);
      world.doors.delete(runId);
      leaving.emit(runId);
    }),
  };
}

/** A step with the script around it. */
export function step<Request extends { runId: string }, Result>(
  world: RunWorld,
  name: string,
  effect: (request: Request) => Result,
): (request: Request) => Promise<Result> {
  return async (request) => {
    await world.script.before?.(name, request.runId);
    world.journal.push(`${name} ${request.runId}`);
    const result = effect(request);
    await world.script.after?.(name, request.runId);
    return result;
  };
}

function startContainer(world: RunWorld, hostId: string, runId: string): void {
  world.doors.set(runId, hostId);
  if (world.containers.has(runId)) return;
  world.containers.set(runId, { hostId, ending: null, exit: Promise.withResolvers<AgentExit>() });
  world.began.push(runId);
  const { agent = () => ({}) } = world.script;
  const end = agent(runId);
  if (end) endAgent(world, runId, end);
}

async function exitOf({ containers }: RunWorld, { runId }: RunName): Promise<AgentExit> {
  return (await containers.get(runId)?.exit.promise) ?? { kind: 'lost', because: 'there is no container' };
}

async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
  });
}

/** The steps of runs at this host: a place, a door, a container, and nothing left at the end. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { GatewayUnreachable, NoSuchDoor, type GatewayControl } from '../gateway/control/control-client.ts';
import { engineErrorKind, engineWords } from '../local-cloud/engine-errors.ts';
import { removeRunContainer, stopRunContainer, waitForRunContainer } from '../local-cloud/runs/end-run.ts';
import { ensureRunContainer, findRunContainer, type RunEngine } from '../local-cloud/runs/ensure-run.ts';
import type { RunWork } from '../local-cloud/runs/run-container.ts';
import type { Store } from '../store/store.ts';
import type { AgentExit, DoorOrder, HoldRequest, RunName, RunnerSteps } from '../workflows/contract/run-steps.ts';
import { runStream, type HeldPlace } from '../workflows/contract/run.ts';
import { hostQueue, runnerQueue } from '../workflows/contract/task-queues.ts';
import { readEnding } from './agent-ending.ts';
import { withAgentImage } from './agent-image.ts';
import { countedEnding } from './counted-ending.ts';
import { checkAtProvider } from './credential-check.ts';
import { doorPolicyOf } from './door-policy.ts';
import { failure, failureNameOf } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { RunnerPlaces } from './runner-places.ts';

export interface RunnerDependencies {
  store: Pick<Store, 'credentials' | 'events' | 'doors' | 'modelCalls'>;
  runs: RunEngine;
  /** The image that agents work in, built if need be. */
  ensureImage: () => Promise<string>;
  gateway: GatewayControl;
  hostId: string;
  places: RunnerPlaces;
  /** Tells the run's workflow that it has a place. */
  tellPlace: (runId: string, place: HeldPlace) => Promise<void>;
}

/** Beats of activities whose cancellation somebody waits for. */
const beatMs = 1_000;

/** The agent is ended by its host within three seconds; then its results are packed and handed in. */
const stopGraceMs = 90_000;

/** In this time the gateway of another host has seen that the door is no longer its own. */
const doorMoveMs = 5_000;

export function createRunnerActivities(dependencies: RunnerDependencies): RunnerSteps {
  const { store, runs, gateway, hostId, places } = dependencies;

  async function holdRunner({ runId, hold }: HoldRequest): Promise<void> {
    if (Context.current().info.taskQueue !== runnerQueue) places.takeBack(runId);
    try {
      await whileHeartbeating(async (signal) => {
        const freed = places.untilFree(runId, signal);
        await Promise.all([freed, dependencies.tellPlace(runId, { hostId, queue: hostQueue(hostId), hold })]);
      }, beatMs);
    } finally {
      places.free(runId);
    }
  }

  /** Returns the folder of the door. */
  async function openDoor({ runId, ...order }: DoorOrder): Promise<string> {
    const before = await store.doors.read(runId);
    await store.doors.open({ runId, hostId, policy: doorPolicyOf(order, await store.credentials.list()) });
    // Else two containers would tell of one run for a moment.
    if (before && before.hostId !== hostId) await sleep(doorMoveMs);
    const folder = await gateway.openDoor(runId);
    await checkModelCredential(order);
    return folder;
  }

  /** Whoever checked the run may have no gateway, and since then it may have waited long for its place. */
  async function checkModelCredential({ modelCredential: name }: Pick<DoorOrder, 'modelCredential'>): Promise<void> {
    if (name !== null) await checkAtProvider(gateway, { name, failing: null });
  }

  async function ensureContainer(
    runId: string,
    work: RunWork,
    folder: Promise<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const image = withAgentImage(dependencies.ensureImage);
    // Who is not let through the door needs no image, and hears of the door.
    image.catch(() => undefined);
    const doorFolder = await folder;
    // Others may wait for the same image, so the build goes on when this run is cancelled; it alone waits no longer.
    const imageName = await Promise.race([image, rejectOnAbort(signal)]);
    await ensureRunContainer(runs, { ...work, runId, doorFolder, imageName }, signal);
  }

  async function ensureAgentContainer(order: DoorOrder): Promise<void> {
    await whileHeartbeating(async (signal) => {
      if (await readEnding(store.events, order.runId)) return;
      await ensureContainer(order.runId, { mode: 'work', agent: order.agent }, openDoor(order), signal);
    });
  }

  async function waitForAgent({ runId }: RunName): Promise<AgentExit> {
    const exit = await whileHeartbeating((signal) => waitForRunContainer(runs, runId, signal), beatMs);
    const told = await readEnding(store.events, runId);
    if (told) return { kind: 'ended', ending: await countedEnding(store, runId, told) };
    if (!exit) return { kind: 'lost', because: 'the container is gone' };
    return { kind: 'lost', because: exit.isOutOfMemory ? 'out of memory' : `ended with code ${exit.code}` };
  }

  async function stopAgent({ runId }: RunName): Promise<void> {
    await whileHeartbeating((signal) => stopRunContainer(runs, runId, { graceMs: stopGraceMs, signal }));
  }

  async function collectResults({ runId }: RunName) {
    return await whileHeartbeating(async (signal) => {
      const told = await readEnding(store.events, runId);
      if (told) return await countedEnding(store, runId, told);
      if (!(await hasBegun(runId))) throw failure('AgentFailed', 'The agent had not begun.');
      await ensureContainer(runId, { mode: 'collect' }, gateway.openDoor(runId), signal);
      await waitForRunContainer(runs, runId, signal);
      const collected = await readEnding(store.events, runId);
      if (collected) return await countedEnding(store, runId, collected);
      throw failure('AgentFailed', 'The agent left nothing that could be collected.');
    });
  }

  /** Who cancels while the image is built waits for no container that could hand in nothing. */
  async function hasBegun(runId: string): Promise<boolean> {
    const container = await findRunContainer(runs, runId);
    return container !== undefined || (await store.events.last(runStream(runId), 'agent.started')) !== undefined;
  }

  async function removeRunRemains({ runId }: RunName): Promise<void> {
    await whileHeartbeating((signal) => removeRunContainer(runs, runId, signal));
    await store.doors.close(runId);
    await gateway.closeDoor(runId);
    places.free(runId);
  }

  return namingFailures({
    holdRunner,
    ensureAgentContainer,
    waitForAgent,
    stopAgent,
    collectResults,
    removeRunRemains,
  });
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  await once(signal, 'abort');
  throw signal.reason;
}

function namingFailures(steps: RunnerSteps): RunnerSteps {
  const named = Object.entries(steps).map(([name, step]: [string, (request: never) => Promise<unknown>]) => [
    name,
    async (request: never) => await step(request).catch(rename),
  ]);
  return Object.fromEntries(named) as RunnerSteps;
}

/** What goes wrong at the engine or the gateway leaves under a name that workflows know. */
function rename(error: unknown): never {
  if (failureNameOf(error) !== undefined) throw error;
  if (error instanceof GatewayUnreachable || error instanceof NoSuchDoor) {
    throw failure('RunnerUnavailable', error.message, { cause: error });
  }
  if (engineErrorKind(error) === undefined) throw error;
  throw failure('RunnerUnavailable', `The Docker engine says: ${engineWords(error)}`, { cause: error });
}

/** One attempt of one activity, in a worker process of its own, so to say: it remembers nothing, and may die at any call. */
import { ApplicationFailure } from '@temporalio/common';
import { createActivities, type Activities, type ActivityDependencies } from '../../activities/index.ts';
import type { MachineSettings } from '../../activities/machine.ts';
import type { MachineProvider } from '../../activities/providers/provider.ts';
import { connectToGateway } from '../../gateway/control/control-client.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { Store } from '../../store/store.ts';
import { openCloudflareNames } from '../support/cloudflare/open-names.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { testRepositoryParts } from '../support/repository-parts.ts';
import type { Caller, Gate } from './gate.ts';
import type { Mishap } from './schedule.ts';
import { installation, isDown, type Actor, type World } from './world.ts';

export interface Surroundings {
  gate: Gate;
  /** Where the terminals of all machines answer: the addresses of the fake cloud lead nowhere. */
  terminal: { host: string; port: number };
  isLive: (workspaceId: string) => Promise<boolean>;
}

const machineSettings: MachineSettings = {
  ...{ apiUrl: 'https://control-plane.test', heartbeatSeconds: 30, deadManMinutes: 60 },
  tls: 'origin',
};

/** Nothing here calls back, keeps blobs, runs an agent or publishes. */
const unused = {
  blobs: {} as BlobStore,
  callbackWay: { rules: { insecureHosts: [], privateHosts: [] } },
  isWorkflowLive: async () => true,
  waitForWorkflow: async () => undefined,
  gateway: connectToGateway('unused'),
  ...testRepositoryParts('unused'),
};

/** What a worker has to offer. */
export const activityNames = Object.keys(
  createActivities({
    ...{ ...unused, store: {} as Store, providers: new Map(), names: undefined, machineSettings },
    isLive: async () => false,
  }),
) as (keyof Activities)[];

/** For so long Temporal waits for a sign of life. */
const silenceMs = 20_000;

/**
 * Runs the activity. Killed, it stays where it is for ever: nothing that it does is answered any more, so that none of its
 * `catch` and `finally` has an effect, and Temporal hears of it what it hears of a dead worker.
 */
export async function attempt(
  surroundings: Surroundings,
  world: World,
  actor: Actor,
  name: keyof Activities,
  args: unknown[],
): Promise<unknown> {
  const death = Promise.withResolvers<never>();
  let isDead = false;
  const caller: Caller = {
    clouds: { hetzner: world.hetzner, cloudflare: { url: world.cloudflare.baseUrl, serve: world.cloudflare.serve } },
    meet: async (api) => (isDown(world, api) ? 'unavailable' : await nextMishap(world, actor)),
    isDead: () => isDead,
    kill() {
      isDead = true;
      death.reject(ApplicationFailure.create({ type: 'WorkerLost', message: 'killed', nextRetryDelay: silenceMs }));
    },
  };
  const activities = createActivities(dependenciesFor(surroundings, world, caller));
  const work = (activities[name] as (...given: unknown[]) => Promise<unknown>)(...args);
  const told = work.then(async (result) => {
    // Done, and dead before it could tell.
    if (name !== 'recordEvents' && (await nextMishap(world, actor))?.startsWith('killed')) caller.kill();
    return isDead ? await death.promise : result;
  });
  try {
    return await Promise.race([death.promise, told]);
  } catch (error) {
    throw actor.isStopped && name.startsWith('ensure') ? asLastTry(error) : error;
  }
}

/**
 * A failure after which a cancelled activity ends, as it does on every other server: the time-skipping one loses an attempt
 * that was cancelled and then fails in a way that is worth repeating.
 */
function asLastTry(error: unknown): unknown {
  if (!(error instanceof ApplicationFailure)) return error;
  const { message, type } = error;
  return ApplicationFailure.create({ message, ...(type && { type }), nonRetryable: true });
}

async function nextMishap(world: World, actor: Actor): Promise<Mishap | undefined> {
  actor.calls += 1;
  await actor.onCall?.(actor.calls);
  const what = actor.mishaps.find(({ call }) => call === actor.calls)?.what;
  if (what === 'stale lists') world.cloudflare.dns.freezeLists(2);
  return what;
}

function dependenciesFor({ gate, terminal, isLive }: Surroundings, world: World, caller: Caller): ActivityDependencies {
  const urls = gate.urlsFor(caller);
  const provider = openHetznerProvider({ url: urls.hetzner, state: world.hetzner.state }, installation);
  const reachable: MachineProvider = {
    ...provider,
    async findMachine(workspaceId) {
      const machine = await provider.findMachine(workspaceId);
      return machine && { ...machine, connectTo: terminal };
    },
  };
  return {
    ...unused,
    store: untilDeath(world.store, caller),
    providers: new Map([[provider.id, reachable]]),
    names: openCloudflareNames(
      { ...world.cloudflare, baseUrl: urls.cloudflare },
      { installation, MACHINE_TLS: 'origin' },
    ),
    machineSettings,
    isLive: async (workspaceId: string) => world.accepting.has(workspaceId) || (await isLive(workspaceId)),
  };
}

/** The store, which answers the living. */
function untilDeath(store: Store, caller: Caller): Store {
  const part = <T extends object>(of: T): T =>
    new Proxy(of, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          caller.isDead() ? new Promise(() => undefined) : member.apply(target, args);
      },
    });
  const { events, audit, secrets, costs, resources, ...rest } = store;
  const parts = { events, audit, secrets, costs, resources };
  return {
    ...rest,
    ...(Object.fromEntries(Object.entries(parts).map(([key, of]) => [key, part(of)])) as typeof parts),
  };
}

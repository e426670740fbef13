/** Keeps the doors of this host as the store says: open those in it, no others. */
import type { Services } from '../services.ts';
import { createTurns } from '../turns.ts';
import { listDoorFolders, removeDoorFolder } from './door-folder.ts';
import { openDoor } from './open-door.ts';
import type { OpenDoor } from './open-door.ts';

export interface Doorkeeper {
  /** Brings one door in line with the store; resolves with its folder once it listens, or `undefined` when it is closed. */
  align(runId: string): Promise<string | undefined>;
  /** Brings all of them in line: after a start, and now and then, for what nobody told. */
  alignAll(): Promise<void>;
  /** Ends everything, gently, and leaves the folders, since the containers go on; the next gateway takes them over. */
  stop(): Promise<void>;
}

/** Answers under way may come to their end when the gateway stops; the supervisor waits a little longer. */
const graceMs = 7_000;

/** A doorkeeper without any open door. */
export function createDoorkeeper(services: Services, home: string, hostId: string): Doorkeeper {
  const { store, metrics, log } = services;
  const open = new Map<string, OpenDoor>();

  async function align(runId: string): Promise<string | undefined> {
    const door = await store.doors.read(runId);
    if (door?.hostId !== hostId) return close(runId);
    const known = open.get(runId);
    known?.update(door);
    const opened = known ?? (await openDoor(services, home, door));
    open.set(runId, opened);
    metrics.doors.set(open.size);
    return opened.folder;
  }

  async function close(runId: string): Promise<undefined> {
    await open.get(runId)?.close(0);
    open.delete(runId);
    metrics.doors.set(open.size);
    await removeDoorFolder(home, runId);
  }

  async function alignAll(): Promise<void> {
    const wanted = await store.doors.list(hostId);
    for (const runId of new Set([...wanted, ...open.keys(), ...(await listDoorFolders(home))])) {
      if (open.has(runId) && wanted.includes(runId)) continue;
      await align(runId).catch((error: unknown) =>
        log.error({ err: error, runId }, 'a door could not be brought in line'),
      );
    }
  }

  // One after the other: a look at the store must not be outdated by the time it is acted on.
  const takeTurn = createTurns();

  return {
    align: (runId) => takeTurn(() => align(runId)),
    alignAll: () => takeTurn(alignAll),
    stop: () =>
      takeTurn(async () => {
        await Promise.all([...open.values()].map((door) => door.close(graceMs)));
        open.clear();
      }),
  };
}

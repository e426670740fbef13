/** Saving the work behind the door now and then, for the day when container and volume are lost. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Agent } from './agents/agent.ts';
import type { Door } from './door.ts';
import type { Places } from './places.ts';
import type { FileBounds } from './repository/file-bounds.ts';
import { makeFence, resetToFence } from './repository/fence.ts';
import type { Fence } from './repository/fence.ts';
import { packSession, unpackSession } from './session-archive.ts';

const run = promisify(execFile);

/** The newest checkpoint replaces the one before. */
export const checkpointFile = 'checkpoint.tar';

export interface Checkpoint {
  n: number;
  providerSessionId: string | null;
  workedMs: number;
  fence: Fence;
}

const parts = { facts: 'checkpoint.json', fence: 'fence.bundle', session: 'session.tar' };

/**
 * Makes a checkpoint of the checkout and the conversation, and returns the file that holds it. The agent should stand still
 * meanwhile, so that both are of one moment.
 */
export async function makeCheckpoint(
  places: Places,
  agent: Agent,
  { bounds, ...facts }: Omit<Checkpoint, 'fence'> & { bounds: FileBounds },
): Promise<string> {
  const folder = path.join(places.spool, 'checkpoint');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const fence = await makeFence(places, path.join(folder, parts.fence), bounds);
  await packSession(places.state, agent.sessionFiles, path.join(folder, parts.session));
  const checkpoint: Checkpoint = { ...facts, fence };
  await writeFile(path.join(folder, parts.facts), JSON.stringify(checkpoint));
  const file = path.join(places.spool, checkpointFile);
  await run('tar', ['--create', '--file', file, '--directory', folder, '.']);
  return file;
}

/** Fetches the last checkpoint and unpacks it beside the checkout; `undefined` when none was made. */
export async function fetchCheckpoint(door: Door, places: Places): Promise<Checkpoint | undefined> {
  const file = path.join(places.spool, checkpointFile);
  return (await door.download(checkpointFile, file)) ? unpackCheckpoint(file, places) : undefined;
}

/** Unpacks a checkpoint beside the checkout. */
export async function unpackCheckpoint(file: string, places: Places): Promise<Checkpoint> {
  const folder = path.join(places.spool, 'checkpoint');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run('tar', ['--extract', '--file', file, '--directory', folder, '--no-same-owner']);
  return JSON.parse(await readFile(path.join(folder, parts.facts), 'utf8')) as Checkpoint;
}

/** Brings a fresh checkout and an empty home to what a fetched checkpoint holds. */
export async function applyCheckpoint(places: Places, { fence }: Checkpoint): Promise<void> {
  const folder = path.join(places.spool, 'checkpoint');
  await resetToFence(places, fence, path.join(folder, parts.fence));
  const session = path.join(folder, parts.session);
  // An agent that had no conversation yet has none to go back to.
  if (existsSync(session)) await unpackSession(session, places.state);
}

/** The folder that a run's container sees: its door and its token. */
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runIdPattern } from '../../store/run-blobs.ts';
import { doorsFolder } from '../places.ts';

export interface DoorFolder {
  /** Mounted into the container. */
  path: string;
  /** Where a server is to listen, before it takes the door's place. */
  draftSocket: string;
}

/**
 * Makes the folder, or finds it as an earlier gateway left it. The container's user is another one than ours, so what is in it
 * may be read by all; the folders above let nobody but the container in.
 */
export async function makeDoorFolder(home: string, runId: string, token: string): Promise<DoorFolder> {
  const folder = doorFolder(home, runId);
  await mkdir(doorsFolder(home), { recursive: true, mode: 0o700 });
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  await writeFile(path.join(folder, 'token.new'), token);
  await chmod(path.join(folder, 'token.new'), 0o644);
  await rename(path.join(folder, 'token.new'), path.join(folder, 'token'));
  const draftSocket = path.join(folder, 'gw.sock.new');
  await rm(draftSocket, { force: true });
  return { path: folder, draftSocket };
}

/** Puts the listening socket in the door's place. At no time is there nothing: a client finds the old socket or this one. */
export async function placeSocket({ path: folder, draftSocket }: DoorFolder): Promise<void> {
  await chmod(draftSocket, 0o666);
  await rename(draftSocket, path.join(folder, 'gw.sock'));
}

/** Removes the folder; one that is not there is fine. */
export async function removeDoorFolder(home: string, runId: string): Promise<void> {
  await rm(doorFolder(home, runId), { recursive: true, force: true });
}

/** The runs that have a folder here, open or left behind. */
export async function listDoorFolders(home: string): Promise<string[]> {
  const names = await readdir(doorsFolder(home)).catch(() => []);
  return names.filter((name) => runIdPattern.test(name));
}

function doorFolder(home: string, runId: string): string {
  if (!runIdPattern.test(runId)) throw new Error(`Not the id of a run: ${JSON.stringify(runId.slice(0, 100))}`);
  return path.join(doorsFolder(home), runId);
}

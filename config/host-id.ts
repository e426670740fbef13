import path from 'node:path';
import { readOrMake } from './made-once.ts';
import { randomBytes } from 'node:crypto';

/** This host's name among those that run agents: set, or made on first run and kept under the home. */
export async function openHostId(settings: { PAWL_HOME: string; PAWL_HOST_ID?: string | undefined }): Promise<string> {
  return settings.PAWL_HOST_ID ?? (await readOrMake(path.join(settings.PAWL_HOME, 'host-id'), newHostId));
}

function newHostId(): string {
  return `host-${randomBytes(4).toString('hex')}`;
}

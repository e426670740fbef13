import type { SessionRecord } from '../../store/session-records.ts';
import { containerId } from '../container-id.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Services } from '../services.ts';
import type { SessionPage } from '../session-answers.ts';

type Place = Pick<SessionRecord, 'id' | 'createdAt'>;

/** A page of the caller's sessions, newest first. Fails with `invalid_cursor`. */
export async function listSessions(
  { store, ownerToken, settings }: Services,
  owner: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SessionPage> {
  const seal = { key: ownerToken, list: `sessions of ${owner}` };
  const before = cursor === undefined ? undefined : readPlace(openCursor(cursor, seal));
  // One more than asked for tells whether there is a next page.
  const found = await store.sessions.list({ owner, limit: limit + 1, ...(before && { before }) });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const storage = settings.S3_BUCKET === undefined ? ('directory' as const) : ('s3' as const);
  return {
    count: page.length,
    sessions: page.map(({ id, createdAt, updatedAt }) => ({
      ...{ sessionId: id, storage, createdAt },
      lastModified: updatedAt,
    })),
    nextCursor: found.length > limit && last ? sealCursor(placeOf(last), seal) : null,
    containerId,
  };
}

function placeOf({ id, createdAt }: Place): Buffer {
  return Buffer.from(JSON.stringify({ id, createdAt }));
}

function readPlace(position: Uint8Array): Place {
  return JSON.parse(Buffer.from(position).toString()) as Place;
}

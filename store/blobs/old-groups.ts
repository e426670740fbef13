import type { BlobStore } from './blob-store.ts';

/** The first two parts of a key say whose blob it is. */
const owner = /^[^/]+\/[^/]+\//;

/** The prefix of every owner's blobs, like `run/run-k3x9a1b2c3/`, of which none was stored since `before`. */
export async function listGroupsOlderThan(blobs: Pick<BlobStore, 'list'>, before: Date): Promise<string[]> {
  const newest = new Map<string, Date>();
  for await (const { key, storedAt } of blobs.list('')) {
    const group = owner.exec(key)?.[0];
    if (group === undefined) continue;
    const known = newest.get(group);
    if (!known || known < storedAt) newest.set(group, storedAt);
  }
  return [...newest].filter(([, storedAt]) => storedAt < before).map(([group]) => group);
}

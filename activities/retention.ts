/** Forgetting in time: what the store holds for readers and retries only. */
import type { Store } from '../store/store.ts';

/** How long a POST may be repeated with its key, as is common practice. */
const idempotencyKeyHours = 24;

const msPerHour = 3_600_000;

export function createRetentionActivities({ store }: { store: Store }) {
  /** Removes event streams untouched and calls to models made before `days`, and idempotency keys older than a day. Returns how many went. */
  async function removeExpiredRecords({
    days,
  }: {
    days: number;
  }): Promise<{ streams: number; modelCalls: number; idempotencyKeys: number }> {
    const now = Date.now();
    return {
      streams: await store.events.removeStreamsOlderThan(new Date(now - days * 24 * msPerHour)),
      modelCalls: await store.modelCalls.removeOlderThan(new Date(now - days * 24 * msPerHour)),
      idempotencyKeys: await store.idempotency.removeOlderThan(new Date(now - idempotencyKeyHours * msPerHour)),
    };
  }

  return { removeExpiredRecords };
}

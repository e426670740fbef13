import type { Store } from '../../store/store.ts';

/** Resolves when the workspace, or the callback, may pass the point. Without one there is nothing to wait for. */
export type Gate = (holder: string | null, point: string) => Promise<void>;

/** The store with a gate before and after each write of a worker on behalf of a workspace, and each try of a callback. */
export function gatedStore(store: Store, gate: Gate): Store {
  return {
    ...store,
    events: {
      ...store.events,
      async append(stream, events) {
        const workspaceId = stream.slice(stream.indexOf(':') + 1);
        const step = events.at(-1)?.type;
        await gate(workspaceId, `before ${step}`);
        await store.events.append(stream, events);
        await gate(workspaceId, `after ${step}`);
      },
    },
    secrets: {
      ...store.secrets,
      async removeAll(prefix) {
        const workspaceId = prefix.split('/')[1] ?? null;
        await gate(workspaceId, 'before removeSecrets');
        await store.secrets.removeAll(prefix);
        await gate(workspaceId, 'after removeSecrets');
      },
    },
    callbacks: {
      ...store.callbacks,
      async recordAttempt(id, attempt) {
        await gate(id, 'before recordAttempt');
        await store.callbacks.recordAttempt(id, attempt);
        await gate(id, 'after recordAttempt');
      },
    },
  };
}

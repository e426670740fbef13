import type { Store } from '../../store/store.ts';

/** Resolves when the workspace may pass the point. Without a workspace there is nothing to wait for. */
export type Gate = (workspaceId: string | null, point: string) => Promise<void>;

/** The store with a gate before and after each write of a worker on behalf of a workspace. */
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
  };
}

import type { Store, StoredEvent } from '../../store/store.ts';

const pageEvents = 200;

/** The events that the stream has by now, oldest first, read as they are taken. */
export async function* readEvents({ events }: Pick<Store, 'events'>, stream: string): AsyncGenerator<StoredEvent> {
  for (let after = 0; ;) {
    const page = await events.read(stream, { after, limit: pageEvents });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageEvents) return;
    after = last.seq;
  }
}

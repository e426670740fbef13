import { Readable } from 'node:stream';
import type { ProjectedEvent } from './project-events.ts';

/** The events as a list in JSON, written as they are read: a session may have more of them than fit into memory. */
export function jsonList(events: AsyncIterable<ProjectedEvent>): Readable {
  return Readable.from(write(events), { objectMode: false });
}

async function* write(events: AsyncIterable<ProjectedEvent>): AsyncGenerator<string> {
  yield '[';
  let separator = '';
  for await (const { event } of events) {
    yield separator + JSON.stringify(event);
    separator = ',';
  }
  yield ']';
}

import type { ProjectedEvent } from './project-events.ts';

/** An event as clients of `/execute` read it: unnamed, its type within; and an id to come back with. */
export function executeFrame({ id, event }: ProjectedEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Runs as their owner sees them over HTTP: asked for, waited for, read. */
import { until } from '../../../engine/until.ts';
import type { StoredEvent } from '../../../store/store.ts';
import { lastRunEventTypes } from '../../../workflows/contract/run-events.ts';
import type { Owned } from '../client.ts';

/** A run is worked on within seconds; an image that is built meanwhile takes minutes. */
const patience = { deadlineMs: 300_000 };

/** Asks for the run; fails unless it is accepted. Resolves to its id. */
export async function startRun(owned: Owned, body: object): Promise<string> {
  const { status, text, body: answer } = await owned.call('POST', '/runs', { body });
  if (status !== 202) throw new Error(`not accepted: ${text}`);
  return String(answer['id']);
}

/** What is told of the run once its last word is said. */
export async function endOfRun(owned: Owned, id: string): Promise<Record<string, unknown>> {
  const hasEnded = async () => lastRunEventTypes.includes((await eventsOfRun(owned, id)).at(-1)?.type ?? '');
  await until(`${id} has ended`, hasEnded, patience);
  return (await owned.call('GET', `/runs/${id}`)).body;
}

/** Every event of the run so far. */
export async function eventsOfRun(owned: Owned, id: string): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let page = await pageBehind(0); page.length > 0; page = await pageBehind(all.at(-1)?.seq ?? 0))
    all.push(...page);
  return all;

  async function pageBehind(seq: number): Promise<StoredEvent[]> {
    const headers = { Accept: 'application/json' };
    const { body } = await owned.call('GET', `/runs/${id}/events?limit=1000&after=${seq}`, { headers });
    return body['events'] as StoredEvent[];
  }
}

/** Brings the spool's events through the door, in order and in batches. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Door } from './door.ts';
import { readJson, replaceFile } from './durable.ts';
import type { NumberedEvent } from './events.ts';
import { parseEvent, wholeLines } from './spool-file.ts';
import type { Spool } from './spool.ts';

export interface Delivery {
  /** Resolves when everything in the spool was acknowledged, and ends the delivery. */
  drained(): Promise<void>;
}

/** What comes within this time after a batch goes together in the next; the first after a silence goes at once. */
const pauseMs = 100;
const batchBytes = 512 * 1024;
const batchEvents = 1000;

/**
 * Starts delivering from where the last host was acknowledged. The position is only kept to save repetitions: the stream
 * knows each event by its seq. `onRefused` hears of a door that wants no more events.
 */
export async function startDelivery(
  { spool, door, folder }: { spool: Spool; door: Door; folder: string },
  onRefused: (error: unknown) => void,
): Promise<Delivery> {
  const file = path.join(folder, 'acked.json');
  let position = (await readJson<number>(file)) ?? 0;
  const ending = new AbortController();

  async function deliver(): Promise<void> {
    for (;;) {
      await spool.durableBeyond(position, ending.signal);
      const batch = await nextBatch(spool, position);
      if (batch.length > 0) {
        await door.sendEvents(batch.map(({ event }) => event));
        position = batch.at(-1)?.end ?? position;
        await replaceFile(file, JSON.stringify(position));
      } else if (ending.signal.aborted) return;
      if (batch.length < batchEvents) await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  const done = deliver().catch(onRefused);
  return {
    async drained() {
      await spool.flushed();
      ending.abort();
      await done;
    },
  };
}

async function nextBatch(spool: Spool, position: number): Promise<{ event: NumberedEvent; end: number }[]> {
  const batch: { event: NumberedEvent; end: number }[] = [];
  let end = position;
  for await (const line of wholeLines(spool.file, position, spool.durableBytes())) {
    const event = parseEvent(line);
    if (!event) throw new Error(`The spool is damaged at byte ${end}.`);
    end += line.length + 1;
    batch.push({ event, end });
    if (batch.length >= batchEvents || end - position >= batchBytes) break;
  }
  return batch;
}

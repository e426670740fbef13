/**
 * Several writers append their batches to one stream, each in its order and all at the same time, on one connection or on one
 * each. A batch goes off so often at once. Prints `writer batch` when every one of its appends is acknowledged.
 */
import { openAt } from '../place.ts';
import type { Place } from '../place.ts';

export interface AppendPlanOrder {
  place: Place;
  stream: string;
  /** Of each writer, its batches from `from` on. */
  writers: { from: number; batches: PlannedBatch[] }[];
  /** So many connections are shared by the writers. */
  connections: number;
}

export interface PlannedBatch {
  events: number;
  /** More than one is a batch that is repeated while its first append is still under way. */
  times: number;
}

const { place, stream, writers, connections } = JSON.parse(process.argv[2]!) as AppendPlanOrder;
const stores = await Promise.all(Array.from({ length: connections }, () => openAt(place)));

async function write(writer: number): Promise<void> {
  const { from, batches } = writers[writer]!;
  for (let batch = from; batch < batches.length; batch++) {
    const { events: size, times } = batches[batch]!;
    const events = Array.from({ length: size }, (_, part) => {
      return { key: `${writer}/${batch}/${part}`, type: 'line', data: `${writer}/${batch}/${part}` };
    });
    const copies = Array.from({ length: times }, (_, copy) => stores[(writer + copy) % connections]!);
    await Promise.all(copies.map((store) => store.events.append(stream, events)));
    console.log(`${writer} ${batch}`);
  }
}

await Promise.all(writers.map((_, writer) => write(writer)));
await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));

/**
 * Appends batches of three events to a stream, for ever or `batches` times, and prints a batch's number once the store has
 * acknowledged it.
 */
import { setImmediate } from 'node:timers/promises';
import { openAt } from '../place.ts';
import type { Place } from '../place.ts';

export interface AppendOrder {
  place: Place;
  stream: string;
  writer: string;
  batches: number | null;
}

const { place, stream, writer, batches } = JSON.parse(process.argv[2]!) as AppendOrder;
await using store = await openAt(place);
for (let batch = 1; batch <= (batches ?? Infinity); batch++) {
  const events = [1, 2, 3].map((part) => {
    return { key: `${writer}/${batch}/${part}`, type: 'line', data: { writer, batch, part } };
  });
  await store.events.append(stream, events);
  console.log(batch);
  await setImmediate(); // Lets the line go out before the next append.
}

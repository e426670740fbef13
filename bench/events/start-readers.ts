import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { ReadersOrder, ReadersWord } from './readers-order.ts';

export interface Readers {
  /** Resolves when every one of them has seen the last event; rejects when one has missed any. */
  done: Promise<unknown>;
}

/** Starts the subscribers; resolves once all of them are connected. */
export async function startReaders(order: ReadersOrder): Promise<Readers> {
  const program = fileURLToPath(new URL('readers.ts', import.meta.url));
  const input = JSON.stringify(order);
  const reading = execa(process.execPath, [program], { input, ipc: true, stdout: 'inherit', stderr: 'inherit' });
  const heard = (word: ReadersWord) => reading.getOneMessage({ filter: (message) => message === word });
  const done = heard('done');
  // Who fails before it is connected fails below; and after its last word it only ends.
  for (const one of [done, reading]) one.catch(() => undefined);
  await heard('connected');
  return { done };
}

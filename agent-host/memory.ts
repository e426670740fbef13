/** What a host notes for the one that may have to go on after it, on the same volume. */
import path from 'node:path';
import { readJson, writeDurably } from './durable.ts';
import type { Places } from './places.ts';

export interface Noted {
  providerSessionId: string | null;
  /** Time that the agent has worked, in all containers so far. */
  workedMs: number;
  checkpoints: number;
}

export interface Memory {
  readonly noted: Readonly<Noted>;
  /** Notes it for good, after everything that was noted before. */
  note(news: Partial<Noted>): Promise<void>;
}

/** The memory of this volume, with what earlier hosts noted. */
export async function openMemory({ spool }: Places): Promise<Memory> {
  const file = path.join(spool, 'memory.json');
  let noted: Noted = {
    providerSessionId: null,
    workedMs: 0,
    checkpoints: 0,
    ...(await readJson<Partial<Noted>>(file)),
  };
  let last: Promise<void> = Promise.resolve();
  return {
    get noted() {
      return noted;
    },
    note(news) {
      noted = { ...noted, ...news };
      last = last.then(() => writeDurably(file, JSON.stringify(noted)));
      return last;
    },
  };
}

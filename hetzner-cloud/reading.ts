/** Ways of reading answers. */
import { z } from 'zod';
import { hasCode, ownError } from './errors.ts';

export interface Page<T> {
  items: T[];
  nextPage: number | null;
}

/** All items of a list, to its last page. */
export async function allPages<T>(readPage: (page: number) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let next: number | null = 1;
  while (next !== null) {
    const page: number = next;
    const { items, nextPage } = await readable(() => readPage(page));
    all.push(...items);
    next = nextPage;
  }
  return all;
}

/** Asks and reads. Whatever trips over the answer's form means that it was not what it should be: `no_json`. */
export async function readable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof z.ZodError) throw ownError('no_json', `an answer of another form: ${z.prettifyError(error)}`);
    if (error instanceof TypeError) throw ownError('no_json', `an answer of another form: ${error.message}`);
    throw error;
  }
}

/** `undefined` when Hetzner says that there is no such thing. */
export async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await readable(ask);
  } catch (error) {
    if (hasCode(error, 'not_found')) return undefined;
    throw error;
  }
}

/** Whether there was such a thing; what Hetzner says of it does not matter. */
export async function isThere(ask: () => Promise<unknown>): Promise<boolean> {
  return (await unlessMissing(async () => ({ answer: await ask() }))) !== undefined;
}

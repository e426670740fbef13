import { openStore } from '../../store/open-store.ts';
import { createKeyring } from '../../store/keyring.ts';
import type { Keyring } from '../../store/keyring.ts';
import type { Store } from '../../store/store.ts';
import { newKey } from '../support/keys.ts';

/** Where the tables of one dialect are, for tests that open them from several connections and processes. */
export interface Place {
  home: string;
  databaseUrl?: string;
  key: string;
}

/** A new, empty place. */
export type MakePlace = () => Promise<Place>;

/** Opens the store there with the place's own key, or with another keyring; `await using` closes it. */
export async function openAt(
  place: Place,
  keyring: Keyring = createKeyring([place.key]),
): Promise<Store & AsyncDisposable> {
  const store = await openStore({ ...place, keyring });
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}

/** A place beside a home folder: in it for SQLite, else at the URL. */
export function placeAt(home: string, databaseUrl?: string): Place {
  return { home, key: newKey(), ...(databaseUrl === undefined ? {} : { databaseUrl }) };
}

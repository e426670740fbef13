import { lock } from 'proper-lockfile';
import { newSecretKey, secretKeyFile } from '../config/installation.ts';
import { readKeyFile, replaceKeyFile } from '../config/key-file.ts';
import { createKeyring } from '../store/keyring.ts';
import type { Keyring } from '../store/keyring.ts';
import type { Store } from '../store/store.ts';

/** What a rotation did. */
export interface Rotation {
  /** The key that is current now. */
  keyId: string;
  /** Whether it was made by this call, not by an earlier one that was interrupted. */
  isNew: boolean;
  /** How many stored envelopes were sealed again. */
  resealed: number;
}

type OpenStore = (keyring: Keyring) => Promise<Store>;

/**
 * Makes a new current key in the key file, which must exist, and seals everything in the store again with it. Old keys stay, for
 * workflow histories. May be killed at any moment: the next call finishes the rotation before it would begin another.
 */
export async function rotateKeyFile(home: string, openStore: OpenStore): Promise<Rotation> {
  // Two rotations at once would each write the file without the other's new key.
  const unlock = await lock(secretKeyFile(home), { stale: 5_000, retries: { retries: 15, maxTimeout: 1_000 } });
  try {
    const keys = readKeyFile(home);
    const isNew = await withStore(keys, openStore, (store, keyring) => isRotationComplete(store, keyring));
    if (isNew) await replaceKeyFile(home, [newSecretKey(), ...keys]);
    return { isNew, ...(await resealWith(readKeyFile(home), openStore)) };
  } finally {
    await unlock();
  }
}

/** Seals everything again with the first of these keys. The audit entry comes last: it says that the rotation is complete. */
export async function resealWith(keys: readonly string[], openStore: OpenStore): Promise<Omit<Rotation, 'isNew'>> {
  return withStore(keys, openStore, async (store, keyring) => {
    const keyId = keyring.currentKeyId;
    const resealed = await store.secrets.reseal();
    if (!(await isRotationComplete(store, keyring))) {
      await store.audit.record({
        actor: 'operator',
        action: 'keys.rotate',
        subject: `key:${keyId}`,
        details: { resealed },
      });
    }
    return { keyId, resealed };
  });
}

/** When the rotation to this key was completed; `undefined` for the installation's first key. */
export async function readRotationTime(store: Store, keyId: string): Promise<string | undefined> {
  const [entry] = await store.audit.list({ subject: `key:${keyId}`, limit: 1 });
  return entry?.at;
}

async function isRotationComplete(store: Store, { keyIds, currentKeyId }: Keyring): Promise<boolean> {
  const isFirstKey = keyIds.length === 1;
  return isFirstKey || (await readRotationTime(store, currentKeyId)) !== undefined;
}

async function withStore<Result>(
  keys: readonly string[],
  openStore: OpenStore,
  use: (store: Store, keyring: Keyring) => Promise<Result>,
): Promise<Result> {
  const keyring = createKeyring(keys);
  const store = await openStore(keyring);
  try {
    return await use(store, keyring);
  } finally {
    await store.close();
  }
}

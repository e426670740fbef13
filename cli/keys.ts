/** `pawl keys`: what secrets and payloads are sealed with. Ids are shown, keys never. */
import type { Command } from 'commander';
import { openInstallation } from '../config/installation.ts';
import { createKeyring } from '../store/keyring.ts';
import type { Keyring } from '../store/keyring.ts';
import { openStore } from '../store/open-store.ts';
import { readCliConfig } from './config.ts';
import { readRotationTime, resealWith, rotateKeyFile } from './rotate-keys.ts';

/** Adds `keys rotate` and `keys list` to the program. */
export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('The keys that seal secrets and workflow payloads.');
  keys
    .command('rotate')
    .description('Make a new key and seal every stored secret again with it. Old keys stay, to read what they sealed.')
    .action(rotate);
  keys.command('list').description('Show which keys there are and since when; never the keys themselves.').action(list);
}

async function rotate(): Promise<void> {
  const { settings } = readCliConfig();
  const { home, keys } = await openInstallation(settings);
  const open = (keyring: Keyring) => openStore({ home, databaseUrl: settings.DATABASE_URL, keyring });
  if (settings.PAWL_SECRET_KEY) {
    const { keyId, resealed } = await resealWith(keys, open);
    console.log(`Sealed ${resealed} stored values again with key ${keyId}, the first in PAWL_SECRET_KEY.`);
    console.log(
      'The keys come from PAWL_SECRET_KEY, so they are changed there. To rotate: put a new key in front of the',
    );
    console.log('others (openssl rand -base64 32, then a comma) for every process, restart them, and run this again.');
    return;
  }
  const { keyId, isNew, resealed } = await rotateKeyFile(home, open);
  console.log(isNew ? `Key ${keyId} is the current key now.` : `Finished the interrupted rotation to key ${keyId}.`);
  console.log(
    `Sealed ${resealed} stored values again. Running processes take the key when they meet it, or start again.`,
  );
}

async function list(): Promise<void> {
  const { settings } = readCliConfig();
  const { home, keys } = await openInstallation(settings);
  const keyring = createKeyring(keys);
  const store = await openStore({ home, databaseUrl: settings.DATABASE_URL, keyring });
  try {
    for (const keyId of keyring.keyIds) {
      const since = (await readRotationTime(store, keyId)) ?? 'before any completed rotation';
      console.log(
        `${keyId}  ${keyId === keyring.currentKeyId ? 'seals and opens' : 'opens only     '}  since ${since}`,
      );
    }
  } finally {
    await store.close();
  }
}

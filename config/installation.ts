/** What tells one installation from another: its folder, its name at providers and its keys. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import { readOrMake } from './made-once.ts';
import type { installationSettings } from './settings/installation.ts';
import { SettingsError } from './settings.ts';

export interface Installation {
  /** Folder that holds all state of an embedded installation. */
  home: string;
  /** Marks what this installation makes at a provider, e.g. `pawl-3f9a1c2b`. */
  name: string;
  /** Base64 of 32 bytes each, the current one first; the others still open what they sealed. */
  keys: string[];
}

type InstallationSettings = Pick<
  z.infer<typeof installationSettings>,
  'PAWL_HOME' | 'PAWL_INSTALLATION' | 'PAWL_SECRET_KEY'
>;

/**
 * Reads the installation from settings, else from the files under its home, and makes what is missing on first run.
 * Rejects with `SettingsError` when a key cannot be used; the message never shows one.
 */
export async function openInstallation(settings: InstallationSettings): Promise<Installation> {
  const home = settings.PAWL_HOME;
  const name = await openInstallationName(settings);
  const keys = settings.PAWL_SECRET_KEY
    ? parseKeys(settings.PAWL_SECRET_KEY, 'PAWL_SECRET_KEY')
    : parseKeys(await readOrMake(secretKeyFile(home), newSecretKey), secretKeyFile(home));
  return { home, name, keys };
}

/** The name alone, for a program that has no business with the keys. */
export async function openInstallationName(
  settings: Pick<InstallationSettings, 'PAWL_HOME' | 'PAWL_INSTALLATION'>,
): Promise<string> {
  return (
    settings.PAWL_INSTALLATION ?? (await readOrMake(path.join(settings.PAWL_HOME, 'installation'), newInstallationName))
  );
}

/** Where the keys stay when no setting brings them: one a line, the current one first. */
export function secretKeyFile(home: string): string {
  return path.join(home, 'secret-keys');
}

/** A fresh key for secrets and payloads, as `PAWL_SECRET_KEY` and the key file hold it. */
export function newSecretKey(): string {
  return randomBytes(32).toString('base64');
}

function newInstallationName(): string {
  return `pawl-${randomBytes(4).toString('hex')}`;
}

/** The keys in a text, separated by commas or white space; `SettingsError` names `source` when one cannot be used. */
export function parseKeys(text: string, source: string): string[] {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  if (keys.length > 0 && keys.every(isKey)) return keys;
  throw new SettingsError(`${source} must hold keys of 32 random bytes in base64 (openssl rand -base64 32).`);
}

function isKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === text;
}

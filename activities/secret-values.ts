import type { SecretStore } from '../store/store.ts';

/** Shorter texts within a secret are its words (a plan's name, a scope), not its keys. */
const minPartLength = 20;

/**
 * The values behind names, or behind prefixes of names that end in `/`: each whole, and of a value that is JSON every long
 * text in it. A name that the store does not have has no value.
 */
export async function secretValues(secrets: SecretStore, names: readonly string[]): Promise<string[]> {
  const values: string[] = [];
  for (const name of names) {
    const group = name.endsWith('/') ? (await secrets.list(name)).map((secret) => secret.name) : [name];
    for (const one of group) {
      const value = await secrets.read(one);
      if (value !== undefined) values.push(value, ...longTextsIn(value));
    }
  }
  return values;
}

function longTextsIn(value: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(value, (_key, part: unknown) => void (typeof part === 'string' && texts.push(part)));
  } catch {
    return [];
  }
  return texts.filter((text) => text.length >= minPartLength);
}

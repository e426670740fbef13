/** Making one thing, however many try at the same time and however often. */
import type { Filter, Labels, Thing } from './api.ts';
import { lookUntil } from './cloud.ts';
import type { HetznerCloud } from './cloud.ts';
import { hasCode, ownError } from './errors.ts';
import { bears, selectorOf } from './labels.ts';

/** What makes a thing ours, and this one. */
export interface Identity {
  name: string;
  labels: Labels;
}

type List<T> = (filter: Filter) => Promise<T[]>;

/**
 * Finds the thing, or creates it. Lists lag behind, names do not: when the name is taken although nothing is found, it was
 * made a moment ago, and will be found.
 */
export async function findOrCreate<Found, Created>(
  cloud: HetznerCloud,
  name: string,
  find: () => Promise<Found | undefined>,
  create: () => Promise<Created>,
): Promise<Found | Created> {
  return await lookUntil<Found | Created>(cloud, `"${name}" is there, whose name is taken`, async () => {
    cloud.signal.throwIfAborted();
    const found = await find();
    if (found !== undefined) return found;
    try {
      return await create();
    } catch (error) {
      if (hasCode(error, 'uniqueness_error')) return undefined;
      throw error;
    }
  });
}

/**
 * The thing with these labels, or else with these labels and this name, whichever list knows of it first. Fails with
 * `name_taken` when the name belongs to something without our labels.
 */
export async function findOurs<T extends Thing>({ labels, name }: Identity, list: List<T>): Promise<T | undefined> {
  const labelled = (await list({ labelSelector: selectorOf(labels) })).filter(bears(labels));
  const found = labelled.find((thing) => thing.name === name) ?? labelled[0];
  if (found) return found;
  const [namesake] = (await list({ name })).filter((thing) => thing.name === name);
  if (namesake && !bears(labels)(namesake)) throw ownError('name_taken', `"${name}" exists, but bears other labels.`);
  return namesake;
}

/** All things with these labels, found by label or by name. */
export async function findAllOurs<T extends Thing>({ labels, name }: Identity, list: List<T>): Promise<T[]> {
  const found = [...(await list({ labelSelector: selectorOf(labels) })), ...(await list({ name }))];
  return [...new Map(found.filter(bears(labels)).map((thing) => [thing.id, thing])).values()];
}

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

/** The thing with these labels, or else with these labels and this name, whichever list knows of it first. */
export async function findOurs<T extends Thing>(identity: Identity, list: List<T>): Promise<T | undefined> {
  const found = await findByLabelOrName(identity, list);
  return found && bears(identity.labels)(found) ? found : undefined;
}

/** The same, for who is about to make it: fails with `name_taken` when the name belongs to something without our labels. */
export async function findOursOrRefuse<T extends Thing>(identity: Identity, list: List<T>): Promise<T | undefined> {
  const found = await findByLabelOrName(identity, list);
  if (!found || bears(identity.labels)(found)) return found;
  throw ownError('name_taken', `"${identity.name}" exists, but bears other labels.`);
}

async function findByLabelOrName<T extends Thing>({ labels, name }: Identity, list: List<T>): Promise<T | undefined> {
  const labelled = (await list({ labelSelector: selectorOf(labels) })).filter(bears(labels));
  const found = labelled.find((thing) => thing.name === name) ?? labelled[0];
  return found ?? (await list({ name })).find((thing) => thing.name === name);
}

/** All things with these labels, found by label or by name. */
export async function findAllOurs<T extends Thing>({ labels, name }: Identity, list: List<T>): Promise<T[]> {
  const found = [...(await list({ labelSelector: selectorOf(labels) })), ...(await list({ name }))];
  return [...new Map(found.filter(bears(labels)).map((thing) => [thing.id, thing])).values()];
}

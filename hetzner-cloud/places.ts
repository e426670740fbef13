/** Where servers of a size may be made. */
import type { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import type { ServerType } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { ownError } from './errors.ts';

/** A type of server at a location that offers it. */
export interface Place {
  type: ServerType;
  location: string;
}

/**
 * Every place for a size, the preferred one first: the same type somewhere else comes before another type. Fails with
 * `not_offered` when Hetzner has none of them.
 */
export async function placesFor(cloud: HetznerCloud, size: WorkspaceSize): Promise<Place[]> {
  const { catalogue, sizes, locations } = cloud;
  const offered = await catalogue.serverTypes();
  const types = sizes[size].flatMap((name) => offered.find((type) => type.name === name) ?? []);
  const places = types.flatMap((type) => locations.filter(offers(type)).map((location) => ({ type, location })));
  if (places.length > 0) return places;
  throw ownError('not_offered', `no ${inWords(cloud, size)}: see HCLOUD_SIZES and HCLOUD_LOCATIONS.`);
}

/** What is looked for, e.g. `cx23 or cpx11 in fsn1, nbg1`. */
export function inWords({ sizes, locations }: HetznerCloud, size: WorkspaceSize): string {
  return `${sizes[size].join(' or ')} in ${locations.join(', ')}`;
}

/** What has a price at a location is offered there. */
function offers(type: ServerType): (location: string) => boolean {
  return (location) => type.prices.some((price) => price.location === location);
}

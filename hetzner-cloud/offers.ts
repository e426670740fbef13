/** What the sizes of workspaces are at Hetzner, and what they cost. */
import { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import type { SizeOffer } from '../workflows/contract/resources.ts';
import type { HetznerCloud } from './cloud.ts';
import { hasCode } from './errors.ts';
import { placesFor } from './places.ts';
import { typePrice } from './prices.ts';

/** Each size as it is made when there is room everywhere; a size that is offered nowhere is left out. */
export async function readOffers(cloud: HetznerCloud): Promise<SizeOffer[]> {
  const offers = WorkspaceSize.options.map((size) => readOffer(cloud, size));
  return (await Promise.all(offers)).filter((offer) => offer !== undefined);
}

async function readOffer(cloud: HetznerCloud, size: WorkspaceSize): Promise<SizeOffer | undefined> {
  const [place] = await placesFor(cloud, size).catch(noneOffered);
  if (!place) return undefined;
  const { name, cores, memoryGb, diskGb } = place.type;
  const { hourlyPrice } = typePrice(place.type, place.location, await cloud.catalogue.pricing());
  return { size, type: name, vcpu: cores, memoryGb, diskGb, hourlyPrice };
}

function noneOffered(error: unknown): [] {
  if (hasCode(error, 'not_offered')) return [];
  throw error;
}

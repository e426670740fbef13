/** What a machine image for Hetzner is made of, as one short word that changes with every ingredient. */
import { createHash } from 'node:crypto';
import { builderUserData } from '../cloud-init/render-builder.ts';

/** The recipe of a snapshot made of this image by today's builders: a snapshot of another recipe is outdated. */
export function snapshotRecipe(image: string): string {
  const ingredients = JSON.stringify([image, builderUserData]);
  return createHash('sha256').update(ingredients).digest('hex').slice(0, 12);
}

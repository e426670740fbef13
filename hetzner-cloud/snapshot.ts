/** A snapshot with everything installed saves minutes of every boot; without one, the plain image does. */
import type { HetznerCloud } from './cloud.ts';
import { bears, recipeLabels, selectorOf } from './labels.ts';
import { snapshotRecipe } from './recipe.ts';

/** What a server of this architecture is made from: the newest snapshot of today's recipe, or the plain image. */
export async function imageFor(cloud: HetznerCloud, architecture: string): Promise<string> {
  const labels = recipeLabels(cloud.installation, snapshotRecipe(cloud.image));
  const [newest] = (await cloud.api.listSnapshots({ labelSelector: selectorOf(labels) }))
    .filter((snapshot) => bears(labels)(snapshot) && snapshot.architecture === architecture)
    .sort((one, other) => other.created.getTime() - one.created.getTime());
  return newest ? String(newest.id) : cloud.image;
}

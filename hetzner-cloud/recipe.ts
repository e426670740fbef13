/** What a machine image for Hetzner is made of, as one short word that changes with every ingredient. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const installScript = path.join(import.meta.dirname, '../cloud-init/on-machine/install.sh');

/** The recipe of a snapshot made of this image: a snapshot of another recipe is outdated. */
export function snapshotRecipe(image: string): string {
  const ingredients = JSON.stringify([image, readFileSync(installScript, 'utf8')]);
  return createHash('sha256').update(ingredients).digest('hex').slice(0, 12);
}

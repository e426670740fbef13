/** A snapshot with everything installed saves minutes of every boot; without one, the plain image does. */
import type { ServerType, Snapshot } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { bears, installationLabels, recipeIn, selectorOf } from './labels.ts';
import { snapshotRecipe } from './recipe.ts';

/** What a server of this type is made from: the newest snapshot of today's recipe, or the plain image. */
export async function imageFor(cloud: HetznerCloud, type: ServerType): Promise<string> {
  const usable = (await listSnapshots(cloud)).filter(fits(type));
  const [newest] = usable.filter(({ labels }) => recipeIn(labels) === snapshotRecipe(cloud.image));
  if (newest) return String(newest.id);
  if (usable.length > 0) logOutdated(cloud, usable);
  return cloud.image;
}

/** All that this installation made to make servers from, also those that are not finished; the newest first. */
export async function listSnapshots({ api, installation }: HetznerCloud): Promise<Snapshot[]> {
  const labels = installationLabels(installation);
  return (await api.listSnapshots({ labelSelector: selectorOf(labels) }))
    .filter((snapshot) => bears(labels)(snapshot) && recipeIn(snapshot.labels) !== null)
    .sort((one, other) => other.created.getTime() - one.created.getTime());
}

function fits({ architecture, diskGb }: ServerType): (snapshot: Snapshot) => boolean {
  return (snapshot) =>
    snapshot.status === 'available' && snapshot.architecture === architecture && snapshot.diskGb <= diskGb;
}

function logOutdated({ log, image }: HetznerCloud, snapshots: Snapshot[]): void {
  log.warn(
    { image, outdated: snapshots.map(({ name }) => name) },
    'the snapshot is of another recipe, so a plain image is used: run `pawl image build hetzner`',
  );
}

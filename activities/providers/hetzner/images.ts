/** Snapshots in the operator's own project at Hetzner Cloud, as machine images. */
import { listBuildLeftovers, removeBuildLeftovers } from '../../../hetzner-cloud/build-leftovers.ts';
import type { HetznerCloud } from '../../../hetzner-cloud/cloud.ts';
import { ensureServer } from '../../../hetzner-cloud/ensure-server.ts';
import { builderServer, lookAtBuilder } from '../../../hetzner-cloud/image-builder.ts';
import { recipeIn } from '../../../hetzner-cloud/labels.ts';
import { ensureSnapshot } from '../../../hetzner-cloud/make-snapshot.ts';
import { removeBuilder, removeFailedBuild, removeOlderSnapshots } from '../../../hetzner-cloud/remove-build.ts';
import { named, removeInTime } from './failures.ts';
import type { MachineImages } from '../machine-images.ts';

/** How images are made in this cloud. */
export function hetznerImages(cloudFor: (signal?: AbortSignal) => HetznerCloud, provider: string): MachineImages {
  return {
    ensureBuilder: (buildId, signal) =>
      named(async () => {
        const cloud = cloudFor(signal);
        const { id, labels } = await ensureServer(cloud, builderServer(cloud, buildId));
        return { builderId: String(id), recipe: recipeIn(labels) ?? 'unknown' };
      }),
    readBuilder: ({ builderId }) => named(() => lookAtBuilder(cloudFor(), Number(builderId))),
    saveImage: ({ buildId, builderId }, signal) =>
      named(async () => {
        const { id, name, sizeGb } = await ensureSnapshot(cloudFor(signal), buildId, Number(builderId));
        return { id: String(id), name, sizeGb };
      }),
    removeBuilder: (buildId, signal) =>
      removeInTime(`builder ${buildId}`, signal, (inTime) => removeBuilder(cloudFor(inTime), buildId)),
    removeFailedBuild: (buildId, signal) =>
      removeInTime(`builder ${buildId}`, signal, (inTime) => removeFailedBuild(cloudFor(inTime), buildId)),
    removeOlderImages: (imageId, signal) =>
      named(async () => (await removeOlderSnapshots(cloudFor(signal), Number(imageId))).map(({ name }) => name)),
    listLeftovers: (before) => named(() => listBuildLeftovers(cloudFor(), provider, before)),
    removeLeftovers: (before, signal) => named(() => removeBuildLeftovers(cloudFor(signal), provider, before)),
  };
}

/** The making of a machine image, step by step. Every activity may be repeated at any time. */
import type { BuilderLook, MachineImage } from '../workflows/contract/machine-image.ts';
import { failure } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { Builder, MachineImages } from './providers/machine-images.ts';
import type { MachineProvider } from './providers/provider.ts';
import { neverFinal } from './retries.ts';

export interface ImageDependencies {
  /** The providers that this worker can use, by id. */
  providers: ReadonlyMap<string, MachineProvider>;
}

/** Names a build. */
export interface BuildKey {
  provider: string;
  buildId: string;
}

/** Names a build's builder. */
export interface BuilderRequest extends BuildKey {
  builderId: string;
}

export function createImageActivities({ providers }: ImageDependencies) {
  /** Creates the builder, or finds the one that an earlier try made. */
  async function ensureImageBuilder({ provider, buildId }: BuildKey): Promise<Builder> {
    const images = imagesOf(provider);
    return await whileHeartbeating((signal) => images.ensureBuilder(buildId, signal));
  }

  /** How far the builder is now. */
  async function readImageBuilder({ provider, buildId, builderId }: BuilderRequest): Promise<BuilderLook> {
    return await imagesOf(provider).readBuilder({ buildId, builderId });
  }

  /** Makes the image of the builder, or finds the one that an earlier try made; returns when it can be used. */
  async function saveMachineImage({ provider, buildId, builderId }: BuilderRequest): Promise<MachineImage> {
    const images = imagesOf(provider);
    return await whileHeartbeating((signal) => images.saveImage({ buildId, builderId }, signal));
  }

  /** Removes the builder, and the images of a build that failed. No failure of it is final: what was made must go. */
  async function removeImageBuild({ provider, buildId, failed }: BuildKey & { failed: boolean }): Promise<void> {
    const images = providerOf(provider).images;
    if (!images) return;
    await whileHeartbeating((signal) =>
      failed ? images.removeFailedBuild(buildId, signal) : images.removeBuilder(buildId, signal),
    ).catch(neverFinal);
  }

  /** Removes the images that this one takes the place of; returns their names. */
  async function removeOlderImages({ provider, imageId }: { provider: string; imageId: string }): Promise<string[]> {
    const images = imagesOf(provider);
    return await whileHeartbeating((signal) => images.removeOlderImages(imageId, signal));
  }

  return { ensureImageBuilder, readImageBuilder, saveMachineImage, removeImageBuild, removeOlderImages };

  function imagesOf(provider: string): MachineImages {
    const { images } = providerOf(provider);
    if (images) return images;
    throw failure('ProviderRefused', `Images of machines are not built ahead at "${provider}".`);
  }

  function providerOf(provider: string): MachineProvider {
    const found = providers.get(provider);
    if (found) return found;
    // Retried: a worker that has this provider may come.
    throw failure('ProviderUnavailable', `This worker has no machine provider "${provider}".`);
  }
}

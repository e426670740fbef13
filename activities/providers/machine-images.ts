/** What a machine provider promises that can make images for its machines to start from, with everything installed. */
import type { Resource } from '../../workflows/contract/resources.ts';
import type { BuilderLook, MachineImage } from '../../workflows/contract/machine-image.ts';

export interface MachineImages {
  /**
   * Finds the build's builder or makes it, as `ensureMachine` does with machines. A builder installs by itself, and powers
   * itself off once it is ready to be made an image of. It holds no secret.
   */
  ensureBuilder(buildId: string, signal: AbortSignal): Promise<Builder>;

  /** How far it is. Never waits for it. */
  readBuilder(builder: BuilderKey): Promise<BuilderLook>;

  /** Finds the build's image or makes it of the builder, which is `done`; returns when machines can be made from it. */
  saveImage(builder: BuilderKey, signal: AbortSignal): Promise<MachineImage>;

  /** Removes the builder with all that belongs to it, until the provider itself says that nothing is left. */
  removeBuilder(buildId: string, signal: AbortSignal): Promise<void>;

  /** The same, with every image of this build, finished or not. */
  removeFailedBuild(buildId: string, signal: AbortSignal): Promise<void>;

  /** Removes the images that this one takes the place of; returns their names. */
  removeOlderImages(imageId: string, signal: AbortSignal): Promise<string[]>;

  /** What builds left that were made before then: builders, and images of no more use. For when no build lives. */
  listLeftovers(before: Date): Promise<Resource[]>;

  /** Removes that; returns what it removed. */
  removeLeftovers(before: Date, signal: AbortSignal): Promise<Resource[]>;
}

export interface BuilderKey {
  buildId: string;
  builderId: string;
}

export interface Builder {
  builderId: string;
  /** What is installed, as one short word that changes with every ingredient. */
  recipe: string;
}

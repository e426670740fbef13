/** A machine image, from an order to something that machines start from. What it needs meanwhile goes in any case. */
import { ActivityFailure, CancellationScope, isCancellation, setHandler, uuid4 } from '@temporalio/workflow';
import { imageBuildQuery, type ImageBuild, type ImageBuildInput } from '../contract/machine-image.ts';
import { failure, reasonOf } from '../workspace/failure.ts';
import { ensureImageBuilder, removeImageBuild, removeOlderImages, saveMachineImage } from './activities.ts';
import { awaitInstallation } from './install.ts';

/** Ends with the build as it is then, also when it failed: nothing is left of it then, save for the image that was built. */
export async function machineImageBuild({ provider }: ImageBuildInput): Promise<ImageBuild> {
  const build = newBuild(provider);
  setHandler(imageBuildQuery, () => build);
  try {
    await make(build);
  } catch (error) {
    Object.assign(build, failureOf(error));
  }
  await CancellationScope.nonCancellable(() => tidy(build));
  return Object.assign(build, {
    status: build.errorCode === null ? 'built' : 'failed',
    detail: null,
    endedAt: new Date().toISOString(),
  });
}

function newBuild(provider: string): ImageBuild {
  return {
    // Known before anything bears it: what a try made that nobody heard of is found by it.
    id: uuid4().slice(0, 8),
    ...{ provider, status: 'building', step: 'order', detail: null, recipe: null },
    ...{ image: null, replaced: [], error: null, errorCode: null },
    startedAt: new Date().toISOString(),
    endedAt: null,
  };
}

async function make(build: ImageBuild): Promise<void> {
  const key = { provider: build.provider, buildId: build.id };
  const { builderId, recipe } = await ensureImageBuilder(key);
  Object.assign(build, { recipe, step: 'install' });
  await awaitInstallation(build, builderId);
  Object.assign(build, { step: 'save', detail: null });
  build.image = await saveMachineImage({ ...key, builderId });
}

async function tidy(build: ImageBuild): Promise<void> {
  Object.assign(build, { step: 'tidy', detail: null });
  const { provider, id: buildId, image } = build;
  // The new one is there, so the builder and the old ones can go; without it, nothing of this build shall stay.
  await removeImageBuild({ provider, buildId, failed: image === null });
  if (image) build.replaced = await replaceOlder(provider, image.id);
}

async function replaceOlder(provider: string, imageId: string): Promise<string[]> {
  try {
    return await removeOlderImages({ provider, imageId });
  } catch (error) {
    if (error instanceof ActivityFailure) return [];
    throw error;
  }
}

function failureOf(error: unknown): Pick<ImageBuild, 'error' | 'errorCode'> {
  const { code, message } = reasonOf(isCancellation(error) ? cancelled : error);
  return { errorCode: code === 'BootTimedOut' ? 'ImageBuildFailed' : code, error: message };
}

const cancelled = failure('ImageBuildFailed', 'The build was cancelled.');

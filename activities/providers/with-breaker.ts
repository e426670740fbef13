import { createBreaker, type Breaker, type BreakerOptions } from './breaker.ts';
import type { MachineImages } from './machine-images.ts';
import type { MachineProvider, MachineProviderDefinition } from './provider.ts';

/**
 * The provider behind a breaker. New machines wait while it is open: their calls fail at once and say when to come back.
 * Looks and removals always go through, so that a deletion is never given up, and their success closes it.
 */
export function withBreaker(provider: MachineProvider, options?: BreakerOptions): MachineProvider {
  const breaker = createBreaker(provider.id, options);
  return {
    ...provider,
    breaker: () => breaker.report(),
    ensureMachine: (spec, signal) => breaker.guard(() => provider.ensureMachine(spec, signal)),
    findMachine: (...which) => breaker.pass(() => provider.findMachine(...which)),
    listMachines: () => breaker.pass(() => provider.listMachines()),
    listResources: () => breaker.pass(() => provider.listResources()),
    removeMachine: (workspaceId, signal) => breaker.pass(() => provider.removeMachine(workspaceId, signal)),
    ...(provider.listUnused && {
      listUnused: (before) => breaker.pass(async () => (await provider.listUnused?.(before)) ?? []),
    }),
    ...(provider.removeUnused && {
      removeUnused: (before, signal) => breaker.pass(async () => (await provider.removeUnused?.(before, signal)) ?? []),
    }),
    ...(provider.images && { images: imagesWithBreaker(provider.images, breaker) }),
  };
}

function imagesWithBreaker(images: MachineImages, breaker: Breaker): MachineImages {
  return {
    ensureBuilder: (buildId, signal) => breaker.guard(() => images.ensureBuilder(buildId, signal)),
    readBuilder: (builder) => breaker.pass(() => images.readBuilder(builder)),
    saveImage: (builder, signal) => breaker.guard(() => images.saveImage(builder, signal)),
    removeBuilder: (buildId, signal) => breaker.pass(() => images.removeBuilder(buildId, signal)),
    removeFailedBuild: (buildId, signal) => breaker.pass(() => images.removeFailedBuild(buildId, signal)),
    removeOlderImages: (imageId, signal) => breaker.pass(() => images.removeOlderImages(imageId, signal)),
    listLeftovers: (before) => breaker.pass(() => images.listLeftovers(before)),
    removeLeftovers: (before, signal) => breaker.pass(() => images.removeLeftovers(before, signal)),
  };
}

/** The same definition, whose providers come with a breaker each. */
export function guarded(definition: MachineProviderDefinition): MachineProviderDefinition {
  return { ...definition, create: (settings, host) => withBreaker(definition.create(settings, host)) };
}

import { createBreaker, type BreakerOptions } from './breaker.ts';
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
  };
}

/** The same definition, whose providers come with a breaker each. */
export function guarded(definition: MachineProviderDefinition): MachineProviderDefinition {
  return { ...definition, create: (settings, host) => withBreaker(definition.create(settings, host)) };
}

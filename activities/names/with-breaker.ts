import { createBreaker, type BreakerOptions } from '../providers/breaker.ts';
import type { NameProvider, NameProviderDefinition } from './name-provider.ts';

/** The provider behind a breaker, as machine providers are: what is new waits while it is open, removals never do. */
export function withNameBreaker(provider: NameProvider, options?: BreakerOptions): NameProvider {
  const breaker = createBreaker(provider.id, options);
  return {
    ...provider,
    breaker: () => breaker.report(),
    ensureName: (name, signal) => breaker.guard(() => provider.ensureName(name, signal)),
    ensureCertificate: (request, signal) => breaker.guard(() => provider.ensureCertificate(request, signal)),
    removeNames: (workspaceId, signal) => breaker.pass(() => provider.removeNames(workspaceId, signal)),
    listResources: () => breaker.pass(() => provider.listResources()),
  };
}

/** The definition, whose providers stand behind breakers. */
export function guardedNames(definition: NameProviderDefinition): NameProviderDefinition {
  return { ...definition, create: (settings, host) => withNameBreaker(definition.create(settings, host)) };
}

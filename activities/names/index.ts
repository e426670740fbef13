import { cloudflareNames } from './cloudflare/cloudflare.ts';
import type { NameProviderDefinition } from './name-provider.ts';

/** Every provider of names there is; a new one is one line here. */
export const nameProviders: readonly NameProviderDefinition[] = [cloudflareNames];

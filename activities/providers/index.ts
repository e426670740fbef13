/** The machine providers. A new one is one file and one line here. */
import { dockerProvider } from './docker.ts';
import { hetznerProvider } from './hetzner.ts';
import type { MachineProviderDefinition } from './provider.ts';

export const machineProviders: readonly MachineProviderDefinition[] = [dockerProvider, hetznerProvider];

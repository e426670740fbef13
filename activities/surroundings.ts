/** What machines elsewhere need around them; local ones have it by themselves. */
import { noNameProvider } from './names.ts';
import type { MachineProvider } from './providers/provider.ts';

export interface Surroundings {
  /** Whether names can be published for machines. */
  hasNames: boolean;
  /** Where machines are told to report to. */
  apiUrl: string;
}

/** By it, local machines know this host, and nobody else does; what `MACHINE_API_URL` has when it is not set. */
const localName = 'host.docker.internal';

/** Why no machine of this provider could ever be of use, with what to set; or `null`. */
export function whyOfNoUse(
  { needsNames = false }: Pick<MachineProvider, 'needsNames'>,
  { hasNames, apiUrl }: Surroundings,
): string | null {
  if (!needsNames) return null;
  if (!hasNames) return noNameProvider;
  if (new URL(apiUrl).hostname !== localName) return null;
  return `Only local machines reach MACHINE_API_URL=${apiUrl}. Set it to a public URL of the listener for machines.`;
}

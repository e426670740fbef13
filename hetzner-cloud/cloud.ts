/** Where an installation's servers live at Hetzner, and how they are made there, for one piece of work. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HetznerApi } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import { ownError } from './errors.ts';
import type { ServerSizes } from './sizes.ts';

export interface HetznerCloud {
  api: HetznerApi;
  catalogue: Catalogue;
  /** Marks what is ours; what others have in the same project is never touched. */
  installation: string;
  /** In order of preference. */
  locations: string[];
  sizes: ServerSizes;
  image: string;
  /** The operator's own key; without it nobody can log in by SSH. */
  sshPublicKey: string | undefined;
  pollMs: number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  signal: AbortSignal;
}

/** Between two looks at the same thing; fails as soon as the work is to be given up. */
export async function pause({ pollMs, signal }: HetznerCloud): Promise<void> {
  await sleep(pollMs, undefined, { signal });
}

/** Looks in vain after which it is no longer a matter of moments. */
const patienceLooks = 60;

/**
 * Looks until there is something to return. Fails with `no_answer`, which is worth another try, once it took too long for
 * Hetzner to come round.
 */
export async function lookUntil<T>(
  cloud: HetznerCloud,
  awaited: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let looksLeft = patienceLooks; looksLeft > 0; looksLeft -= 1) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(cloud);
  }
  throw ownError('no_answer', `no sign yet that ${awaited}.`);
}

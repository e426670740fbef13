/** The last net: removes what an installation made, without the installation. */
import { cloudflareNames } from '../../activities/names/cloudflare/cloudflare.ts';
import { hetznerProvider } from '../../activities/providers/hetzner.ts';
import { until } from '../../engine/until.ts';
import { listRemains } from './own-lists.ts';
import type { SmokeSettings } from './settings.ts';

const pollMs = 5_000;

/**
 * Removes until the providers list nothing. To be called when nothing works for the installation any more. Workspaces that
 * are known are looked for as well, as lists may not show them yet.
 */
export async function removeEverything(
  settings: SmokeSettings,
  installation: string,
  { known, deadlineMs }: { known: readonly string[]; deadlineMs: number },
): Promise<void> {
  const silent = { info: () => undefined, warn: () => undefined };
  const machines = hetznerProvider.create(settings, { installation, cacheDir: '', log: silent });
  const names = cloudflareNames.create(settings, { installation });
  const timeUp = AbortSignal.timeout(deadlineMs);
  let left: string[] = [];

  const isClean = async (): Promise<boolean> => {
    const [things, records] = await Promise.all([machines.listResources(), names.listResources()]);
    const owners = [...things, ...records].flatMap(({ workspaceId }) => workspaceId ?? []);
    for (const workspaceId of new Set([...known, ...owners])) {
      // Side by side: a provider that is away keeps nothing with the other.
      await allOf([machines.removeMachine(workspaceId, timeUp), names.removeNames(workspaceId, timeUp)]);
    }
    await machines.removeUnused?.(new Date(Date.now() + 86_400_000), timeUp);
    left = await listRemains(settings, installation);
    return left.length === 0;
  };
  await until(`nothing of ${installation} is left`, () => isClean().catch(tellAndGoOn), { pollMs, deadlineMs });

  function tellAndGoOn(error: unknown): false {
    if (timeUp.aborted) throw error;
    console.error(`Removing goes on after: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Waits for all, then fails with the first failure. */
async function allOf(work: Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
}

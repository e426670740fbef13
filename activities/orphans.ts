/** What lies around without a workflow that would remove it: found exactly, removed carefully. */
import { log } from '@temporalio/activity';
import type { Store } from '../store/store.ts';
import { workspaceSecretNames, workspaceSecretsPrefix } from '../workflows/contract/secrets.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { MachineProvider } from './providers/provider.ts';

export interface OrphanDependencies {
  store: Store;
  providers: ReadonlyMap<string, MachineProvider>;
  /** Whether the workspace's lifecycle is running. Rejects when that cannot be told: then nothing is removed. */
  isLive: (workspaceId: string) => Promise<boolean>;
}

/** Something of this installation that belongs to no living workspace. */
export type Orphan = { workspaceId: string } & ({ kind: 'machine'; provider: string } | { kind: 'secrets' });

export function createOrphanActivities({ store, providers, isLive }: OrphanDependencies) {
  /**
   * Machines and secrets older than `minAgeMinutes` whose workspace is not live. The age floor spares what is being
   * made at this moment. Fails as a whole when any part cannot be read: a partial answer could hide a live one.
   */
  async function readOrphans({ minAgeMinutes }: { minAgeMinutes: number }): Promise<Orphan[]> {
    const before = Date.now() - minAgeMinutes * 60_000;
    const old = [...(await oldMachines(before)), ...(await oldSecrets(before))];
    const orphans: Orphan[] = [];
    for (const candidate of old) {
      if (!(await isLive(candidate.workspaceId))) orphans.push(candidate);
    }
    return orphans;
  }

  /** Removes it, unless its workspace came to life meanwhile. Returns whether it was removed. */
  async function removeOrphan(orphan: Orphan): Promise<boolean> {
    if (await isLive(orphan.workspaceId)) return false;
    log.warn('removing an orphan', { ...orphan });
    if (orphan.kind === 'secrets') await store.secrets.removeAll(workspaceSecretNames(orphan.workspaceId).all);
    else await removeMachineOf(orphan);
    return true;
  }

  return { readOrphans, removeOrphan };

  async function oldMachines(before: number): Promise<Orphan[]> {
    const found: Orphan[] = [];
    for (const provider of providers.values()) {
      const old = (await provider.listMachines()).filter(({ createdAt }) => createdAt.getTime() < before);
      found.push(...old.map(({ workspaceId }) => ({ kind: 'machine' as const, workspaceId, provider: provider.id })));
    }
    return found;
  }

  async function oldSecrets(before: number): Promise<Orphan[]> {
    const secrets = await store.secrets.list(workspaceSecretsPrefix);
    const young = new Set<string>();
    const owners = new Set<string>();
    for (const { name, createdAt } of secrets) {
      const workspaceId = name.slice(workspaceSecretsPrefix.length).split('/', 1)[0] ?? '';
      owners.add(workspaceId);
      if (Date.parse(createdAt) >= before) young.add(workspaceId);
    }
    return [...owners].filter((id) => !young.has(id)).map((workspaceId) => ({ kind: 'secrets', workspaceId }));
  }

  async function removeMachineOf({ provider, workspaceId }: Extract<Orphan, { kind: 'machine' }>): Promise<void> {
    const found = providers.get(provider);
    await whileHeartbeating(async (signal) => found?.removeMachine(workspaceId, signal));
  }
}

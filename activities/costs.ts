/** The accounts of machines: opened when one is seen, closed when it is proven gone. */
import { log } from '@temporalio/activity';
import type { CostLedger, Store } from '../store/store.ts';
import type { Machine, MachineProvider } from './providers/provider.ts';

/** Notes what the machine costs from its creation on; may be repeated. Nothing is noted of one that costs nothing. */
export async function openAccount(costs: CostLedger, provider: string, machine: Machine): Promise<void> {
  const { workspaceId, providerId, hourlyPrice, monthlyPrice, createdAt } = machine;
  if (!hourlyPrice) return;
  const { currency, micros: hourlyMicros } = hourlyPrice;
  const monthlyMicros = monthlyPrice?.micros ?? null;
  const since = createdAt.toISOString();
  await costs.open({ workspaceId, provider, providerId, currency, hourlyMicros, monthlyMicros, since });
}

/** Removes the workspace's machine; once the provider has proven it gone, it costs nothing any more. */
export async function removePaidMachine(
  costs: CostLedger,
  provider: MachineProvider,
  workspaceId: string,
  signal: AbortSignal,
): Promise<void> {
  await openForgottenAccount(costs, provider, workspaceId);
  await provider.removeMachine(workspaceId, signal);
  await costs.close({ provider: provider.id, workspaceId }, new Date());
}

/** The call that made the machine may have died before it told. What cannot be seen must not keep it from being removed. */
async function openForgottenAccount(costs: CostLedger, provider: MachineProvider, workspaceId: string): Promise<void> {
  const accounts = await costs.ofWorkspace(workspaceId);
  const isOpen = accounts.some((account) => account.provider === provider.id && account.until === null);
  if (isOpen || provider.isFree) return;
  try {
    const machine = await provider.findMachine(workspaceId);
    if (machine) await openAccount(costs, provider.id, machine);
  } catch (error) {
    log.warn('what a machine costs could not be seen before its removal', { workspaceId, error });
  }
}

export interface CostDependencies {
  store: Store;
  providers: ReadonlyMap<string, MachineProvider>;
  isLive: (workspaceId: string) => Promise<boolean>;
}

export interface AccountsRequest {
  /** Id of a provider. */
  place: string;
  /** Younger accounts are spared: their machine may not be shown yet. */
  minAgeMinutes: number;
}

export function createCostActivities({ store: { costs }, providers, isLive }: CostDependencies) {
  /**
   * Closes accounts that nobody else will: the workspace is not live, and its provider shows nothing of it. So ends a
   * machine that was deleted by hand, or noted by a call that ended after its removal. Returns the workspaces.
   */
  async function closeForgottenAccounts({ place, minAgeMinutes }: AccountsRequest): Promise<string[]> {
    const provider = providers.get(place);
    const forgotten = await forgottenAccounts(place, Date.now() - minAgeMinutes * 60_000);
    if (!provider || forgotten.size === 0) return [];
    for (const { workspaceId } of await provider.listResources()) forgotten.delete(workspaceId ?? '');
    for (const workspaceId of forgotten) await costs.close({ provider: provider.id, workspaceId }, new Date());
    return [...forgotten];
  }

  return { closeForgottenAccounts };

  async function forgottenAccounts(provider: string, before: number): Promise<Set<string>> {
    const forgotten = new Set<string>();
    for (const { workspaceId, since } of await costs.openAt(provider)) {
      if (Date.parse(since) < before && !(await isLive(workspaceId))) forgotten.add(workspaceId);
    }
    return forgotten;
  }
}

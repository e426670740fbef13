/** Where things of this installation lie that could be left over, each told and cleared in the same way. */
import type { Store } from '../store/store.ts';
import type { Resource } from '../workflows/contract/resources.ts';
import { machineImageWorkflowId } from '../workflows/contract/machine-image.ts';
import { workspaceSecretNames, workspaceSecretsPrefix } from '../workflows/contract/secrets.ts';
import type { Orphan } from '../workflows/contract/upkeep.ts';
import { removePaidMachine } from './costs.ts';
import type { NameProvider } from './names/name-provider.ts';
import type { MachineProvider } from './providers/provider.ts';

/** Something that lies in a place since `createdAt` (ISO 8601), of one workspace or of them all (`null`). */
export interface Thing {
  kind: Orphan['things'][number]['kind'];
  id: string;
  workspaceId: string | null;
  createdAt: string;
}

export interface Place {
  readonly id: string;
  /** Everything of exactly this installation. Fails rather than return a part of it. */
  listThings(): Promise<Thing[]>;
  /** Removes all that the workspace has here; resolves when it is proven gone. */
  removeThingsOf(workspaceId: string, signal: AbortSignal): Promise<void>;
  /** What is shared, was made before then, and is used by nothing any more. */
  listUnused?(before: Date): Promise<Thing[]>;
  /** Removes that, and returns what it removed. */
  removeUnused?(before: Date, signal: AbortSignal): Promise<Thing[]>;
}

/** A place that can say what its things are and cost. */
export interface ProviderPlace extends Place {
  listThings(): Promise<Resource[]>;
}

export interface MachinesDependencies {
  store: Pick<Store, 'costs'>;
  /** Rejects when that cannot be told: then nothing is taken for a leftover. */
  isWorkflowLive: (workflowId: string) => Promise<boolean>;
}

/**
 * What a machine provider has; a machine's account is closed with its removal. What builds of machine images left belongs to
 * no workspace: it is used by nothing once no build lives.
 */
export function machinesPlace(
  provider: MachineProvider,
  { store: { costs }, isWorkflowLive }: MachinesDependencies,
): ProviderPlace {
  const { id, images } = provider;
  const isBuildLive = (): Promise<boolean> => isWorkflowLive(machineImageWorkflowId(id));
  return {
    id,
    listThings: () => provider.listResources(),
    removeThingsOf: (workspaceId, signal) => removePaidMachine(costs, provider, workspaceId, signal),
    async listUnused(before) {
      const leftovers = images && !(await isBuildLive()) ? await images.listLeftovers(before) : [];
      return [...leftovers, ...((await provider.listUnused?.(before)) ?? [])];
    },
    async removeUnused(before, signal) {
      // First: a builder uses what machines share.
      const leftovers = images && !(await isBuildLive()) ? await images.removeLeftovers(before, signal) : [];
      return [...leftovers, ...((await provider.removeUnused?.(before, signal)) ?? [])];
    },
  };
}

/** What a provider of names has: records and certificates. */
export function namesPlace(names: NameProvider): ProviderPlace {
  return {
    id: names.id,
    listThings: () => names.listResources(),
    removeThingsOf: (workspaceId, signal) => names.removeNames(workspaceId, signal),
  };
}

/** What the store keeps for machines to come and machines that are. */
export function secretsPlace({ secrets }: Pick<Store, 'secrets'>): Place {
  return {
    id: 'secrets',
    async listThings() {
      const all = await secrets.list(workspaceSecretsPrefix);
      return all.map(({ name, createdAt }) => ({ kind: 'secret', id: name, workspaceId: ownerOf(name), createdAt }));
    },
    removeThingsOf: (workspaceId) => secrets.removeAll(workspaceSecretNames(workspaceId).all),
  };
}

function ownerOf(secretName: string): string {
  return secretName.slice(workspaceSecretsPrefix.length).split('/', 1)[0] ?? '';
}

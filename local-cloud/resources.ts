/** What this installation has on the engine, container by container and volume by volume. */
import type { Resource } from '../workflows/contract/resources.ts';
import { installationLabel, workspaceLabel } from './labels.ts';
import { machineOf, type LocalCloud } from './local-machine.ts';

/** Everything with this installation's label: machines, and what runs have, which no workspace owns. */
export async function listLocalResources({ engine, installation }: LocalCloud, provider: string): Promise<Resource[]> {
  const ours = { [installationLabel]: installation };
  const [containers, volumes] = await Promise.all([engine.listContainers(ours), engine.listVolumes(ours)]);
  const common = { provider, hourlyPrice: null };
  return [
    ...containers.map((container): Resource => {
      const { id, createdAt } = machineOf(container);
      const workspaceId = container.Labels[workspaceLabel] ?? null;
      const name = container.Names[0]?.replace(/^\//, '') ?? id;
      return { ...common, kind: 'container', id, name, workspaceId, createdAt: createdAt.toISOString() };
    }),
    ...volumes.map(({ name, labels, createdAt }): Resource => {
      const workspaceId = labels[workspaceLabel] ?? null;
      return { ...common, kind: 'volume', id: name, name, workspaceId, createdAt: createdAt.toISOString() };
    }),
  ];
}

/** All activities of the control plane, one factory per subject; the worker builds the dependencies. */
import { createCallbackActivities, type CallbackDependencies } from './callback.ts';
import { createCostActivities } from './costs.ts';
import { createEventActivities } from './events.ts';
import { createImageActivities } from './machine-images.ts';
import { createMachineActivities, type MachineDependencies } from './machine.ts';
import { createNameActivities, type NameDependencies } from './names.ts';
import { createOrphanActivities, type OrphanDependencies } from './orphans.ts';
import { machinesPlace, namesPlace, secretsPlace } from './places.ts';
import { createPublishActivities, type PublishDependencies } from './publish.ts';
import { createPullRequestActivities } from './pull-request.ts';
import { createRepositoryActivities } from './repository.ts';
import { createResourceActivities } from './resources.ts';
import { createRetentionActivities, type RetentionDependencies } from './retention.ts';
import { createRunUpkeepActivities, type RunUpkeepDependencies } from './run-upkeep.ts';

export type ActivityDependencies = MachineDependencies &
  NameDependencies &
  Pick<OrphanDependencies, 'isLive'> &
  RetentionDependencies &
  CallbackDependencies &
  RunUpkeepDependencies &
  PublishDependencies;

export function createActivities(dependencies: ActivityDependencies) {
  const { store, providers, names } = dependencies;
  const machinePlaces = [...providers.values()].map((provider) => machinesPlace(provider, dependencies));
  const providerPlaces = [...machinePlaces, ...(names ? [namesPlace(names)] : [])];
  const places = [...providerPlaces, secretsPlace(store)];
  return {
    ...createCallbackActivities(dependencies),
    ...createCostActivities(dependencies),
    ...createEventActivities(dependencies),
    ...createImageActivities(dependencies),
    ...createMachineActivities(dependencies),
    ...createNameActivities(dependencies),
    ...createOrphanActivities({ ...dependencies, places }),
    ...createPublishActivities(dependencies),
    ...createPullRequestActivities(dependencies),
    ...createRepositoryActivities(dependencies),
    ...createResourceActivities({ store, providerPlaces }),
    ...createRetentionActivities(dependencies),
    ...createRunUpkeepActivities(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;

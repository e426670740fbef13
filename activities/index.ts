/** All activities of the control plane, one factory per subject; the worker builds the dependencies. */
import { createCallbackActivities, type CallbackDependencies } from './callback.ts';
import { createEventActivities } from './events.ts';
import { createMachineActivities, type MachineDependencies } from './machine.ts';
import { createOrphanActivities, type OrphanDependencies } from './orphans.ts';
import { createRetentionActivities, type RetentionDependencies } from './retention.ts';

export type ActivityDependencies = MachineDependencies &
  OrphanDependencies &
  RetentionDependencies &
  CallbackDependencies;

export function createActivities(dependencies: ActivityDependencies) {
  return {
    ...createCallbackActivities(dependencies),
    ...createEventActivities(dependencies),
    ...createMachineActivities(dependencies),
    ...createOrphanActivities(dependencies),
    ...createRetentionActivities(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;

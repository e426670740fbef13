/** Where work waits for a worker. */

/** Workflows, and the activities that any worker of the control plane can carry out. */
export const controlPlaneQueue = 'control-plane';

/** Runs that wait for a place on a runner, any runner. */
export const runnerQueue = 'runner';

/** The steps of runs that have a place on this very runner. */
export function hostQueue(hostId: string): string {
  return `${runnerQueue}:${hostId}`;
}

/** The fault matrix of runs as data: at which points which processes are killed. */

/** What dies, by the names that the supervisor gives the processes; the agent's container is no process of its. */
export const runVictims = ['worker', 'API', 'gateway', 'Temporal'] as const;
export type RunVictim = (typeof runVictims)[number] | 'container';

export type RunProcess = 'worker' | 'api' | 'gateway' | 'temporal';
export const processOf: Record<(typeof runVictims)[number], RunProcess> = {
  worker: 'worker',
  API: 'api',
  gateway: 'gateway',
  Temporal: 'temporal',
};

/** Where a run can be held: what a worker does for it, and at its host the push and the pull request, before and after they count. */
export const heldPoints = [
  'after run.accepted',
  'before run.queued',
  'after run.queued',
  'before clone',
  'after clone',
  'after writeJob',
  'after openDoor',
  'before createContainer',
  'after createContainer',
  'after startContainer',
  'before readUsage',
  'after readUsage',
  'before push',
  'after push',
  'after publish.pushed',
  'before openPullRequest',
  'after openPullRequest',
  'after pull_request.opened',
  'after keepDiff',
  'before removeContainer',
  'after removeContainer',
  'after removeVolume',
  'before closeDoor',
  'after closeDoor',
  'before saveSession',
  'after saveSession',
  'after run.completed',
  'before recordAttempt',
  'after recordAttempt',
] as const;

/** A container can only die while it runs. */
export const containerPoints: readonly string[] = ['after startContainer'];

/** What an agent has to have done when somebody dies beside it, or it does itself; nobody is held there. */
export interface SpokenPoint {
  point: string;
  type: 'agent.message' | 'checkpoint.saved';
  count: number;
}

export const spokenPoints: readonly SpokenPoint[] = [
  { point: 'at the first message', type: 'agent.message', count: 1 },
  { point: 'in the middle of 200 messages', type: 'agent.message', count: 100 },
  { point: 'at a checkpoint', type: 'checkpoint.saved', count: 1 },
];

import { randomInt } from 'node:crypto';

/** Everything about a new workspace that is random or of the moment; a repeated request starts from the same plan. */
export interface WorkspacePlan {
  /** Ids to try in this order: the first is nearly always free, and the next ones are there for when it is not. */
  ids: string[];
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** A fresh plan, as text. */
export function planWorkspace(): string {
  const plan: WorkspacePlan = {
    ids: [newWorkspaceId(), newWorkspaceId(), newWorkspaceId()],
    createdAt: new Date().toISOString(),
  };
  return JSON.stringify(plan);
}

export function readPlan(text: string): WorkspacePlan {
  return JSON.parse(text) as WorkspacePlan;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A random id; that nobody has it yet is likely, not certain. */
export function newWorkspaceId(): string {
  return `ws-${Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')}`;
}

/** A look at the machine from outside, when it does not tell about itself. */
import { ActivityFailure } from '@temporalio/workflow';
import { readMachine } from './activities.ts';
import { knownMachine, type Workspace } from './workspace.ts';

/** `unknown`: the provider could not be asked, which says nothing about the machine. */
export type MachineSight = 'running' | 'stopped' | 'missing' | 'unknown';

export async function lookAtMachine(workspace: Workspace): Promise<MachineSight> {
  try {
    return await readMachine(knownMachine(workspace));
  } catch (error) {
    if (error instanceof ActivityFailure) return 'unknown';
    throw error;
  }
}

/** Whether the machine can never come back by itself. */
export function isGone(sight: MachineSight): boolean {
  return sight === 'stopped' || sight === 'missing';
}

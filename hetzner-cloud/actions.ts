/** Waiting for what Hetzner does after a request was accepted. */
import type { Action } from './api.ts';
import { pause } from './cloud.ts';
import type { HetznerCloud } from './cloud.ts';
import type { HetznerErrorFacts } from './errors.ts';

/** Returns the action once it has ended, well or not; tells of its progress as Hetzner does. */
export async function waitForAction(cloud: HetznerCloud, action: Action): Promise<Action> {
  let latest = action;
  while (latest.status === 'running') {
    await pause(cloud);
    const next = await cloud.api.getAction(action.id);
    if (next.progress !== latest.progress) {
      cloud.log.info({ action: next.command, id: next.id, percent: next.progress }, 'Hetzner is at work');
    }
    latest = next;
  }
  return latest;
}

/** Why an action ended badly. */
export function reasonOf({ command, error }: Action): [message: string, facts: HetznerErrorFacts] {
  const code = error?.code ?? 'action_failed';
  return [`${command} failed: ${error?.message ?? code}`, { code }];
}

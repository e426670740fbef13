/** The dead-man timer: a machine whose control plane fell silent does not run, and cost, for ever. */
import { sendReport } from '../control-plane.ts';
import type { MachineSettings } from '../machine.ts';
import { run } from '../run.ts';
import type { IdleState } from './state.ts';

/** Whether no heartbeat was accepted for `deadManMinutes`. */
export function isForsaken(state: IdleState, deadManMinutes: number, nowMs: number): boolean {
  return nowMs - state.heardMs >= deadManMinutes * 60_000;
}

/** Asks once more to be removed, then turns the machine off. */
export async function powerOff(machine: MachineSettings): Promise<void> {
  await sendReport(machine, { route: 'cleanup', body: { reason: 'error' } });
  await run('systemctl', ['poweroff', '--no-block']);
}

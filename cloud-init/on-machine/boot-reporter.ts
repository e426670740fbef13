/** Tells the control plane how the boot goes on, in order, without holding up the boot. */
import type { BootReport } from '../../workflows/contract/workspace.schema.ts';
import { insist } from './control-plane.ts';
import type { MachineSettings } from './machine.ts';
import { scrub } from './scrub.ts';

export interface BootReporter {
  /** Queues a report; it is sent once all earlier ones were answered. */
  report(step: BootReport['step'], status: BootReport['status'], message?: string): void;
  /** Resolves when every report was answered or given up. */
  settled(): Promise<void>;
}

/**
 * A reporter for one boot. A report that finds nobody is repeated for as long as the dead-man timer would wait, so a
 * control plane that restarts misses nothing.
 */
export function createBootReporter(machine: MachineSettings): BootReporter {
  const patienceMs = machine.deadManMinutes * 60_000;
  let seq = 0;
  let lastSent: Promise<unknown> = Promise.resolve();

  return {
    report(step, status, message) {
      seq += 1;
      const body: BootReport = { seq, step, status };
      if (message !== undefined) body.message = scrub(message, [machine.machineToken, machine.passwordHash]);
      console.log(JSON.stringify(body));
      lastSent = lastSent.then(() => insist(machine, { route: 'boot', body }, patienceMs));
    },
    async settled() {
      await lastSent;
    },
  };
}

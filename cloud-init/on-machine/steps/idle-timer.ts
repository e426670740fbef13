/** Step `boot`: the timer that reports activity and powers the machine off when nobody listens any more. */
import type { MachineSettings } from '../machine.ts';
import { run } from '../run.ts';
import { installUnit, writeDropIn } from '../units.ts';

/** Starts the timer; it comes back after a reboot. */
export async function startIdleTimer({ heartbeatSeconds }: MachineSettings): Promise<void> {
  installUnit('pawl-idle.service');
  installUnit('pawl-idle.timer');
  writeDropIn('pawl-idle.timer', `[Timer]\nOnUnitInactiveSec=${heartbeatSeconds}s\n`);
  await run('systemctl', ['daemon-reload']);
  await run('systemctl', ['enable', '--now', '--quiet', 'pawl-idle.timer', 'pawl-idle.service']);
}

/** Step `docker`: the engine that the devcontainer runs in. */
import { existsSync } from 'node:fs';
import { run } from '../run.ts';

/** A local machine's image brings the default devcontainer's image along, and loads it from the first second on. */
const loadingUnit = 'devcontainer-base.service';

/** Starts the engine, which comes back after a reboot, and waits until it has what it was brought. */
export async function startDocker(): Promise<void> {
  await run('systemctl', ['enable', '--now', '--quiet', 'docker.service']);
  if (existsSync(`/etc/systemd/system/${loadingUnit}`)) await run('systemctl', ['start', loadingUnit]);
}

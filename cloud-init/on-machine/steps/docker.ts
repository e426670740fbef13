/** Step `docker`: the engine that the devcontainer runs in. */
import { existsSync } from 'node:fs';
import { run } from '../run.ts';

/** A local machine image brings the default devcontainer's image along, under the name it has in the world. */
const broughtImage = '/usr/local/lib/pawl/devcontainer-base.tar';

/** Starts the engine; it comes back after a reboot. */
export async function startDocker(): Promise<void> {
  await run('systemctl', ['enable', '--now', '--quiet', 'docker.service']);
  if (existsSync(broughtImage)) await run('docker', ['load', '--quiet', '--input', broughtImage]);
}

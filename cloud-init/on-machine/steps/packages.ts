/** Step `packages`: the programs that a workspace needs. */
import { run } from '../run.ts';

/** Installs what is missing; on an image that brings everything this takes no time. */
export async function installPackages(): Promise<void> {
  await run('sh', ['/opt/pawl/install.sh', 'packages', 'devcontainer', 'build-tools', 'cloudcli']);
}

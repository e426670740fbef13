/** The server that a machine image is made of: ordered like any other, and looked at while it installs. */
import { builderReportPort, builderUserData } from '../cloud-init/render-builder.ts';
import type { BuilderLook } from '../workflows/contract/machine-image.ts';
import type { HetznerCloud } from './cloud.ts';
import type { Identity } from './find-or-create.ts';
import { imageBuildLabels, recipeLabels } from './labels.ts';
import { nameOf } from './names.ts';
import type { ServerSpec } from './order-server.ts';
import { snapshotRecipe } from './recipe.ts';
import { addressOf } from './server.ts';
import { readBuilderReport } from './builder-report.ts';

/** A builder as its server. It holds no secret, and its firewall lets in nothing but the question how far it is. */
export function builderServer(cloud: HetznerCloud, buildId: string): ServerSpec {
  return {
    identity: builderIdentity(cloud, buildId),
    owner: { imageBuild: buildId },
    labels: recipeLabels(cloud.installation, snapshotRecipe(cloud.image)),
    // A snapshot fits every server whose disk is as large as its builder's.
    size: 'small',
    openPorts: [String(builderReportPort)],
    imageFor: async () => cloud.image,
    userData: builderUserData,
  };
}

/** What tells a build's server and firewall from everything else in the project. */
export function builderIdentity({ installation }: HetznerCloud, buildId: string): Identity {
  return { name: nameOf(installation, `image-${buildId}`), labels: imageBuildLabels(installation, buildId) };
}

/** How far the builder is. It is done when it powered itself off, which it does at its end alone. */
export async function lookAtBuilder(cloud: HetznerCloud, id: number): Promise<BuilderLook> {
  const server = await cloud.api.getServer(id);
  if (!server || server.status === 'deleting') return { ...silent, state: 'gone' };
  if (server.status === 'off') return { ...silent, state: (await wasSwitchedOff(cloud, id)) ? 'stopped' : 'done' };
  const address = server.status === 'running' ? addressOf(server) : null;
  const report = address === null ? undefined : await readBuilderReport(address, cloud.signal);
  return report ?? { ...silent, state: 'installing' };
}

const silent = { part: null, tail: '' };

/** What Hetzner is asked to do with a server is an action of it; what a server does by itself is none. */
async function wasSwitchedOff({ api }: HetznerCloud, id: number): Promise<boolean> {
  const actions = await api.listServerActions(id);
  return actions.some(({ command }) => command === 'stop_server' || command === 'shutdown_server');
}

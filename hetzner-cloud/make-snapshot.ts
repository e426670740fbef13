/** Making the snapshot of a builder, so that any call can be repeated after a crash at any instruction. */
import { reasonOf, waitForAction } from './actions.ts';
import type { Action, Snapshot } from './api.ts';
import { lookUntil } from './cloud.ts';
import type { HetznerCloud } from './cloud.ts';
import { exceptBusy, HetznerError, ownError } from './errors.ts';
import { bears, imageBuildLabels, recipeIn, recipeLabels, selectorOf } from './labels.ts';
import { builderIdentity } from './image-builder.ts';

/** After so many failures of Hetzner's to make it, another try is not worth what the builder costs. */
const mostFailures = 3;

/**
 * Finds the build's snapshot or makes it, and returns it when servers can be made from it. There is never a second one:
 * snapshots have no unique names, but the builder's own list of actions tells what was begun already.
 */
export async function ensureSnapshot(cloud: HetznerCloud, buildId: string, builderId: number): Promise<Snapshot> {
  return await lookUntil(cloud, `the snapshot of server ${builderId} is there`, async () => {
    cloud.signal.throwIfAborted();
    const actions = await listSnapshotActions(cloud, builderId);
    const ahead = actions.find(({ status }) => status === 'running');
    if (ahead) await awaitSnapshot(cloud, ahead);
    else if (!actions.some(({ status }) => status === 'success'))
      await beginSnapshot(cloud, buildId, builderId, actions);
    return (await listSnapshotsOf(cloud, buildId)).find(({ status }) => status === 'available');
  });
}

/** Every snapshot that lists show of the build, finished or not. */
export async function listSnapshotsOf({ api, installation }: HetznerCloud, buildId: string): Promise<Snapshot[]> {
  const labels = imageBuildLabels(installation, buildId);
  return (await api.listSnapshots({ labelSelector: selectorOf(labels) })).filter(bears(labels));
}

/** What was done to make snapshots of this server. */
export async function listSnapshotActions({ api }: HetznerCloud, serverId: number): Promise<Action[]> {
  return (await api.listServerActions(serverId)).filter(({ command }) => command === 'create_image');
}

async function beginSnapshot(
  cloud: HetznerCloud,
  buildId: string,
  builderId: number,
  earlier: readonly Action[],
): Promise<void> {
  const latest = earlier.at(-1);
  if (latest && earlier.length >= mostFailures) throw ownError('snapshot_failed', reasonOf(latest)[0]);
  try {
    await awaitSnapshot(cloud, await orderSnapshot(cloud, buildId, builderId));
  } catch (error) {
    exceptBusy(error);
  }
}

async function orderSnapshot(cloud: HetznerCloud, buildId: string, builderId: number): Promise<Action> {
  const server = await cloud.api.getServer(builderId);
  if (!server) throw ownError('snapshot_failed', `the builder, server ${builderId}, is gone.`);
  const { name, labels } = builderIdentity(cloud, buildId);
  // Of the builder's recipe, which may not be today's any more.
  const recipe = recipeLabels(cloud.installation, recipeIn(server.labels) ?? 'unknown');
  return await cloud.api.createSnapshot(builderId, { name, labels: { ...labels, ...recipe } });
}

async function awaitSnapshot(cloud: HetznerCloud, begun: Action): Promise<void> {
  const action = await waitForAction(cloud, begun);
  if (action.status === 'error') throw new HetznerError(...reasonOf(action));
}

/** Removing what builds of machine images leave: builders, snapshots of builds that failed, and snapshots that are outdated. */
import { waitForAction } from './actions.ts';
import type { Snapshot } from './api.ts';
import { lookUntil } from './cloud.ts';
import type { HetznerCloud } from './cloud.ts';
import { exceptBusy, hasCode } from './errors.ts';
import { findOurs } from './find-or-create.ts';
import { builderIdentity } from './image-builder.ts';
import { listSnapshotActions, listSnapshotsOf } from './make-snapshot.ts';
import { removeServer } from './remove-server.ts';
import { listSnapshots } from './snapshot.ts';

/** Removes the builder with its firewall, until Hetzner itself says that they are gone. */
export async function removeBuilder(cloud: HetznerCloud, buildId: string): Promise<void> {
  await removeServer(cloud, builderIdentity(cloud, buildId));
}

/** The same, with every snapshot of the build: it failed, and nobody shall use them. */
export async function removeFailedBuild(cloud: HetznerCloud, buildId: string): Promise<void> {
  await settleSnapshots(cloud, buildId);
  // Before its snapshots: no builder, no further snapshot.
  await removeBuilder(cloud, buildId);
  for (const snapshot of await listSnapshotsOf(cloud, buildId)) await removeSnapshot(cloud, snapshot);
}

/** Removes the snapshots that this one supersedes; returns them. */
export async function removeOlderSnapshots(cloud: HetznerCloud, id: number): Promise<Snapshot[]> {
  const all = await listSnapshots(cloud);
  const kept = all.find((snapshot) => snapshot.id === id) ?? (await cloud.api.getSnapshot(id));
  const removed = kept ? all.filter(isSupersededBy(kept)) : [];
  for (const snapshot of removed) await removeSnapshot(cloud, snapshot);
  return removed;
}

/** Whether the other one takes its place: it is newer, and can be used wherever this one can. */
export function isSupersededBy(other: Snapshot): (snapshot: Snapshot) => boolean {
  return ({ id, architecture, created, isProtected }) =>
    other.status === 'available' &&
    architecture === other.architecture &&
    created <= other.created &&
    id !== other.id &&
    !isProtected;
}

/** Removes it, until Hetzner says that it is gone. */
export async function removeSnapshot(cloud: HetznerCloud, { id }: Snapshot): Promise<void> {
  await lookUntil(cloud, `snapshot ${id} is gone`, async () => {
    await cloud.api.deleteSnapshot(id).catch(exceptBusy);
    return (await cloud.api.getSnapshot(id)) === undefined ? true : undefined;
  });
}

/** What is being made cannot be removed; what was made a moment ago may not be listed yet. */
async function settleSnapshots(cloud: HetznerCloud, buildId: string): Promise<void> {
  const builder = await findOurs(builderIdentity(cloud, buildId), cloud.api.listServers);
  if (!builder) return;
  const actions = await listSnapshotActions(cloud, builder.id);
  const ended = await Promise.all(actions.map((action) => waitForAction(cloud, action)));
  if (!ended.some(({ status }) => status === 'success')) return;
  try {
    await lookUntil(cloud, 'the snapshot is listed', async () => (await listSnapshotsOf(cloud, buildId))[0]);
  } catch (error) {
    // Somebody removed it already.
    if (!hasCode(error, 'no_answer')) throw error;
  }
}

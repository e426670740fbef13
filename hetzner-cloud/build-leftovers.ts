/** What builds left that ended before they could clear up; asked for only while no build lives. */
import type { Resource } from '../workflows/contract/resources.ts';
import type { Snapshot, Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { bears, imageBuildIn, installationLabels, selectorOf } from './labels.ts';
import { serverPrice, snapshotPrice } from './prices.ts';
import { isSupersededBy, removeBuilder, removeSnapshot } from './remove-build.ts';
import { resourceOf } from './resources.ts';
import { listSnapshots } from './snapshot.ts';

/** A server or firewall that a build made for itself. */
interface Leftover {
  buildId: string;
  resource: Resource;
}

/**
 * Builders with their firewalls, and snapshots that were not finished or that a newer one supersedes; those that were made
 * before then. The newest snapshot is none, of whatever recipe: a newer version of Pawl may have made it.
 */
export async function listBuildLeftovers(cloud: HetznerCloud, provider: string, before: Date): Promise<Resource[]> {
  const builders = await listBuilders(cloud, provider, before);
  const snapshots = await describe(cloud, provider, await listUselessSnapshots(cloud, before));
  return [...builders.map(({ resource }) => resource), ...snapshots];
}

/** Removes them, and returns them. */
export async function removeBuildLeftovers(cloud: HetznerCloud, provider: string, before: Date): Promise<Resource[]> {
  const builders = await listBuilders(cloud, provider, before);
  for (const buildId of new Set(builders.map((builder) => builder.buildId))) await removeBuilder(cloud, buildId);
  // Only now: with the last of its builder, a snapshot may have been finished.
  const snapshots = await listUselessSnapshots(cloud, before);
  for (const snapshot of snapshots) await removeSnapshot(cloud, snapshot);
  return [...builders.map(({ resource }) => resource), ...(await describe(cloud, provider, snapshots))];
}

async function listBuilders(cloud: HetznerCloud, provider: string, before: Date): Promise<Leftover[]> {
  const { api, installation, catalogue } = cloud;
  const labels = installationLabels(installation);
  const ours = { labelSelector: selectorOf(labels) };
  const [servers, firewalls, pricing] = await Promise.all([
    api.listServers(ours),
    api.listFirewalls(ours),
    catalogue.pricing(),
  ]);
  const leftoversOf = <T extends Thing>(things: T[], describeThing: (thing: T) => Resource): Leftover[] =>
    things.filter(bears(labels)).flatMap((thing) => {
      const buildId = imageBuildIn(thing.labels);
      return buildId === null || thing.created >= before ? [] : [{ buildId, resource: describeThing(thing) }];
    });
  return [
    ...leftoversOf(servers, (one) => resourceOf(provider, 'server', one, serverPrice(one, pricing).hourlyPrice)),
    ...leftoversOf(firewalls, (one) => resourceOf(provider, 'firewall', one, null)),
  ];
}

async function listUselessSnapshots(cloud: HetznerCloud, before: Date): Promise<Snapshot[]> {
  const all = await listSnapshots(cloud);
  const isUseless = (one: Snapshot): boolean =>
    (one.status !== 'available' && !one.isProtected) || all.some((other) => isSupersededBy(other)(one));
  return all.filter((one) => one.created < before && isUseless(one));
}

async function describe({ catalogue }: HetznerCloud, provider: string, snapshots: Snapshot[]): Promise<Resource[]> {
  const pricing = await catalogue.pricing();
  return snapshots.map((one) => resourceOf(provider, 'snapshot', one, snapshotPrice(one, pricing)));
}

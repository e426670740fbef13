/** Labels of everything that is made at Hetzner; what bears exactly these is ours, and nothing else is. */
import type { Labels, Thing } from './api.ts';

const installationLabel = 'io.pawl.installation';
const workspaceLabel = 'io.pawl.workspace';
const hostnameLabel = 'io.pawl.hostname';
const recipeLabel = 'io.pawl.recipe';
const imageBuildLabel = 'io.pawl.image-build';

/** Hetzner's limit for a value, which must also begin and end with a letter or digit. */
const longestValue = 63;

/** What bears these belongs to the installation; alone, to no workspace of it. */
export function installationLabels(installation: string): Labels {
  return { [installationLabel]: installation };
}

/** What bears these belongs to the workspace. */
export function workspaceLabels(installation: string, workspaceId: string): Labels {
  return { ...installationLabels(installation), [workspaceLabel]: workspaceId };
}

/** A snapshot with these was made by the installation, of this recipe. */
export function recipeLabels(installation: string, recipe: string): Labels {
  return { ...installationLabels(installation), [recipeLabel]: recipe };
}

/** What a thing is made of that bears `recipeLabels`. */
export function recipeIn(labels: Labels): string | null {
  return labels[recipeLabel] ?? null;
}

/** What bears these was made by this build of a machine image. */
export function imageBuildLabels(installation: string, buildId: string): Labels {
  return { ...installationLabels(installation), [imageBuildLabel]: buildId };
}

/** The build that made it, or `null`. */
export function imageBuildIn(labels: Labels): string | null {
  return labels[imageBuildLabel] ?? null;
}

/** The hostname as labels, in pieces between its dots: a hostname may be longer than a value. */
export function hostnameLabels(hostname: string): Labels {
  const pieces: string[] = [];
  for (const name of hostname.split('.')) {
    const longer = [...pieces.slice(-1), name].join('.');
    if (pieces.length > 0 && longer.length <= longestValue) pieces[pieces.length - 1] = longer;
    else pieces.push(name);
  }
  return Object.fromEntries(pieces.map((piece, index) => [`${hostnameLabel}-${index}`, piece]));
}

/** The hostname that `hostnameLabels` wrote down; it has fewer than ten pieces, so their keys sort as words. */
export function hostnameIn(labels: Labels): string {
  const keys = Object.keys(labels).filter((key) => key.startsWith(hostnameLabel));
  return keys
    .sort()
    .map((key) => labels[key])
    .join('.');
}

/** The workspace whose it is, or `null` when the installation shares it. */
export function workspaceIn(labels: Labels): string | null {
  return labels[workspaceLabel] ?? null;
}

/** Hetzner's filter for exactly these labels. */
export function selectorOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}==${value}`)
    .join(',');
}

/** Whether it bears exactly these labels, whatever a filter let through. */
export function bears(labels: Labels): (thing: Pick<Thing, 'labels'>) => boolean {
  return (thing) => Object.entries(labels).every(([key, value]) => thing.labels[key] === value);
}

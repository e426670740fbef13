/** What the images are made of, and the names that follow from it. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { extraAuthorities } from './host-sources.ts';

export interface RecipeFile {
  name: string;
  content: string;
}

/** What an image is for; also the value of its label. */
export type ImageKind = 'machine' | 'agent';

export interface Recipe {
  kind: ImageKind;
  /** Changes with every ingredient, so that nothing ever runs from an outdated image. */
  imageName: string;
  files: RecipeFile[];
  /** What the Dockerfile is told besides the places where software comes from. */
  buildArguments: Record<string, string>;
}

/** Marks the images that were made here. */
export const imageLabel = 'io.pawl.image';

const root = path.join(import.meta.dirname, '..');

/** The recipe of the machine image, as this checkout and this host have it. */
export function machineRecipe(): Recipe {
  return recipeOf('machine', [...filesBelow('local-cloud/image'), installer(), ...authorities()]);
}

/**
 * The recipe of the image that agents work in, with the programs of these agents. Whatever the agents, it holds the same
 * files, so that images with different agents share most of their layers.
 */
export function agentRecipe(agents: readonly string[]): Recipe {
  const host = filesBelow('agent-host', /\.ts$/).map(({ name, content }) => ({ name: `agent-host/${name}`, content }));
  const PACKAGES = agents
    .toSorted()
    .map((agent) => `--workspace=${agent}`)
    .join(' ');
  return recipeOf('agent', [...filesBelow('agent-host/image'), installer(), ...authorities(), ...host], { PACKAGES });
}

function recipeOf(kind: ImageKind, files: RecipeFile[], buildArguments: Record<string, string> = {}): Recipe {
  return { kind, files, buildArguments, imageName: imageNameOf({ kind, files, buildArguments }) };
}

/** The name of the image that these ingredients make. */
export function imageNameOf({ kind, files, buildArguments }: Omit<Recipe, 'imageName'>): string {
  const ingredients = JSON.stringify([files, buildArguments]);
  return `pawl-${kind}:${createHash('sha256').update(ingredients).digest('hex').slice(0, 12)}`;
}

function installer(): RecipeFile {
  return { name: 'install.sh', content: read(path.join(root, 'cloud-init/on-machine/install.sh')) };
}

function authorities(): RecipeFile[] {
  return extraAuthorities().map(({ name, content }) => ({ name: `extra-ca/${name}`, content }));
}

function filesBelow(folder: string, pattern = /./): RecipeFile[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.relative(path.join(root, folder), path.join(entry.parentPath, entry.name)))
    .sort()
    .map((name) => ({ name, content: read(path.join(root, folder, name)) }));
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

/** What the machine image is made of, and the name that follows from it. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { extraAuthorities } from './host-sources.ts';

export interface RecipeFile {
  name: string;
  content: string;
}

export interface Recipe {
  /** Changes with every ingredient, so that a machine never runs from an outdated image. */
  imageName: string;
  files: RecipeFile[];
}

/** Marks the images that were made here. */
export const imageLabel = 'io.pawl.image';

const imageFolder = path.join(import.meta.dirname, 'image');

/** The recipe of the machine image, as this checkout and this host have it. */
export function machineRecipe(): Recipe {
  const files = [
    ...readdirSync(imageFolder).sort().map(imageFile),
    { name: 'install.sh', content: read(path.join(imageFolder, '../../cloud-init/on-machine/install.sh')) },
    ...extraAuthorities().map(({ name, content }) => ({ name: `extra-ca/${name}`, content })),
  ];
  return { files, imageName: imageNameOf(files) };
}

function imageFile(name: string): RecipeFile {
  return { name, content: read(path.join(imageFolder, name)) };
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

/** The name of the image that these files make. */
export function imageNameOf(files: RecipeFile[]): string {
  return `pawl-machine:${createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12)}`;
}

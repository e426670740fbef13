/** Where the agents' packages lie: beside the agent host, or above it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file of an installed package. Throws when the package is not there. */
export function packageFile(name: string, file: string): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name, file);
    if (existsSync(candidate)) return candidate;
    if (folder === path.dirname(folder)) throw new Error(`${name} is not installed`);
  }
}

/** The version of an installed package. Throws when the package is not there. */
export function packageVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')) as { version: string };
  return version;
}

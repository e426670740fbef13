import { globSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Finding } from './requirement.ts';

/** Looks for a PostgreSQL server, and asks it for its version. */
export function findPostgres(): Promise<Finding> {
  return findProgram([postgresProgram('postgres')]);
}

/**
 * How a program of the server is called, e.g. `initdb`. Debian keeps them off PATH, in one folder per version; the newest is
 * taken.
 */
export function postgresProgram(name: string): string {
  const [newest] = globSync('/usr/lib/postgresql/*/bin/postgres').toSorted(byVersion);
  return newest === undefined ? name : path.join(path.dirname(newest), name);
}

function byVersion(one: string, other: string): number {
  return other.localeCompare(one, 'en', { numeric: true });
}

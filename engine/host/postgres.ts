import { globSync } from 'node:fs';
import { findProgram } from './find-program.ts';
import type { Finding } from './requirement.ts';

/** Debian keeps the server's programs off PATH, in one folder per version; the newest is taken. */
export async function findPostgres(): Promise<Finding> {
  const versioned = globSync('/usr/lib/postgresql/*/bin/postgres').toSorted(byVersion);
  return findProgram(['postgres', ...versioned]);
}

function byVersion(one: string, other: string): number {
  return other.localeCompare(one, 'en', { numeric: true });
}

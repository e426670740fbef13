/** Where things lie on the volume. */
import path from 'node:path';

export interface Places {
  /** The whole volume. */
  root: string;
  /** The agent's checkout: hostile from the moment that the agent starts. */
  repo: string;
  /** A bare repository of the host's own, beside the checkout. */
  base: string;
  /** HOME of the agent, and what it must remember. */
  state: string;
  /** Events that were not delivered yet, and what the host itself must remember. */
  spool: string;
}

/** The places of a job whose checkout has a folder of its own name. An empty name is none: there the checkout lay before names. */
export function withCheckoutIn(places: Places, name: string): Places {
  // Beside the host's own folders a name could be one of theirs; and a name is one part of a path, whoever made it.
  if (path.basename(name) !== name || name === '.' || name === '..') throw new Error('this is no name of a folder');
  return { ...places, repo: path.join(places.repo, name) };
}

/** The folders below the root of the volume. */
export function placesBelow(work: string): Places {
  const below = (name: string) => path.join(work, name);
  return { root: work, repo: below('repo'), base: below('base.git'), state: below('state'), spool: below('spool') };
}

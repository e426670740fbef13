import type { Git } from './git.ts';

export interface NewCommit {
  tree: string;
  parent: string;
  message: string;
  identity: Identity;
  /** ISO 8601. The same input gives the same commit, so that a retry finds what an earlier try made. */
  at: string;
}

/** Whose name stands on commits. */
export interface Identity {
  name: string;
  email: string;
}

/** Makes a commit of this tree upon this parent; resolves to its name. Nothing of anybody else's history is in it. */
export async function makeCommit(git: Git, { tree, parent, message, identity, at }: NewCommit): Promise<string> {
  const date = `@${Math.floor(Date.parse(at) / 1000)} +0000`;
  const environment = {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    GIT_COMMITTER_DATE: date,
  };
  const commit = await git(['commit-tree', tree, '-p', parent], { input: `${message}\n`, environment });
  return commit.toString().trim();
}

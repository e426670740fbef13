/** The one commit that an agent's work becomes, if the gate lets it through. */
import { readChanges } from './changes.ts';
import { makeCommit, type Identity } from './commit.ts';
import { findAgainst, type GatePolicy } from './gate/gate.ts';
import type { Git } from './git.ts';
import { RepositoryError } from './repository-error.ts';

export interface CommitRules {
  /** ISO 8601; the commit's date. */
  at: string;
  identity: Identity;
  policy: GatePolicy;
  /** Values that must not leave. */
  secrets: readonly string[];
}

export interface WorkCommit {
  commit: string;
  message: string;
  files: number;
}

/** What the commit is to be; the message is asked for only once the gate has let the files through. */
export interface Content {
  tree: string;
  parent: string;
  message: () => Promise<string>;
}

/** The same input gives the same commit. Fails with `PublishRefused`. */
export async function commitWork(
  git: Git,
  rules: CommitRules,
  { tree, parent, ...content }: Content,
): Promise<WorkCommit> {
  const { policy, secrets } = rules;
  const changes = await readChanges(git, parent, tree, policy.maxFiles);
  const findings = await findAgainst(git, changes, policy, secrets);
  if (findings.length > 0) throw notPassed(findings);

  const message = await content.message();
  const commit = await makeCommit(git, { ...rules, tree, parent, message });
  return { commit, message, files: changes.length };
}

/** What is in the way of nearly all work that is held back; a message must not grow with what an agent left. */
const findingsTold = 10;

function notPassed(findings: RepositoryError['findings']): RepositoryError {
  const told = findings.slice(0, findingsTold).map(({ path, reason }) => `${shown(path)}: ${reason}`);
  const more = findings.length > findingsTold ? ` (and ${findings.length - findingsTold} more)` : '';
  return new RepositoryError('PublishRefused', `The changes were not published: ${told.join(' ')}${more}`, findings);
}

/** The agent chose the name, and messages are shown in terminals. */
function shown(path: string): string {
  return path.slice(0, 200).replaceAll(/\p{Cc}/gu, '?');
}

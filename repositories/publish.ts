/** Publishing an agent's work: its files and nothing else of it, as one commit of our own, through the gate. */
import { blamingBundle } from './bundle-fault.ts';
import { readChanges } from './changes.ts';
import { makeCommit, type Identity } from './commit.ts';
import { readCommitMessage } from './commit-message.ts';
import { findAgainst, type GatePolicy } from './gate/gate.ts';
import { fitWords } from './gate/fit-words.ts';
import type { Git } from './git.ts';
import { importBundle } from './import-bundle.ts';
import { pushCommit } from './push.ts';
import { RepositoryError } from './repository-error.ts';
import type { Remote } from './remote.ts';

export interface PublishOrder {
  /** The file with what the agent left. */
  bundle: string;
  maxBundleBytes: number;
  /** Where the agent began. */
  baseCommit: string;
  branch: string;
  /**
   * Where the branch is now, and what the agent's files already contain: the new commit comes on top of it. `null` for a
   * branch that is not there yet; its commit comes on top of the base.
   */
  expectedHead: string | null;
  /** ISO 8601; the commit's date. */
  at: string;
  identity: Identity;
  policy: GatePolicy;
  /** Values that must not leave. */
  secrets: readonly string[];
}

export type Published =
  { outcome: 'published'; commit: string; message: string; files: number } | { outcome: 'nothing' };

/**
 * Of what the agent left only the last tree is used. Its history, hooks, configuration, filters and attributes are never
 * looked at, or do not exist here. The same order gives the same commit, so it may be carried out any number of times.
 * Fails with a `RepositoryError`.
 */
export async function publishWork(git: Git, remote: Remote, order: PublishOrder): Promise<Published> {
  const made = await blamingBundle(() => makePublishable(git, remote, order));
  if (made === null) return { outcome: 'nothing' };
  await pushCommit(git, remote, { ...order, commit: made.commit });
  return { outcome: 'published', ...made };
}

/** The commit that may be pushed; `null` when nothing changed. */
async function makePublishable(git: Git, remote: Remote, order: PublishOrder) {
  const { baseCommit: base, expectedHead, secrets, policy } = order;
  const parent = expectedHead ?? base;
  const tip = await importBundle(git, remote, { ...order, bases: [base, parent] });
  const tree = await readTree(git, tip);
  if (tree === (await readTree(git, parent))) return null;

  const changes = await readChanges(git, parent, tree, policy.maxFiles);
  const findings = await findAgainst(git, changes, policy, secrets);
  if (findings.length > 0) throw notPassed(findings);

  const message = await readCommitMessage(git, { tip, base }, fitWords(secrets));
  const commit = await makeCommit(git, { ...order, tree, parent, message });
  return { commit, message, files: changes.length };
}

async function readTree(git: Git, commit: string): Promise<string> {
  return (await git(['rev-parse', '--verify', `${commit}^{tree}`])).toString().trim();
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

/** Publishing an agent's work: its files and nothing else of it, as one commit of our own, through the gate. */
import { blamingBundle } from './bundle-fault.ts';
import { readCommitMessage } from './commit-message.ts';
import { commitWork, type CommitRules, type WorkCommit } from './commit-work.ts';
import { fitWords } from './gate/fit-words.ts';
import type { Git } from './git.ts';
import { importBundle } from './import-bundle.ts';
import { placeWork, treeOf, type Work } from './place-work.ts';
import { pushCommit } from './push.ts';
import type { Remote } from './remote.ts';

export interface PublishOrder extends CommitRules {
  /** The file with what the agent left. */
  bundle: string;
  maxBundleBytes: number;
  /** Where the agent began. */
  baseCommit: string;
  branch: string;
  /**
   * Where the branch was then, and what the agent's files already contain: the new commit comes on top of it. `null` for a
   * branch that was not there yet; its commit comes on top of the base.
   */
  expectedHead: string | null;
}

/** `branch`: where the work is now, which is another one than was asked for if others changed the same lines there. */
export type Published = ({ outcome: 'published'; branch: string } & WorkCommit) | { outcome: 'nothing' };

/** What is told before the push: that may take long, or be refused. */
export interface Committed {
  branch: string;
  commit: string;
  message: string;
  /** The branch was not there until now. */
  isNew: boolean;
}

/**
 * Of what the agent left only the last tree is used. Its history, hooks, configuration, filters and attributes are never looked
 * at, or do not exist here. The same order gives the same commit on the same branch, so it may be carried out any number of
 * times. Fails with a `RepositoryError`.
 */
export async function publishWork(
  git: Git,
  remote: Remote,
  order: PublishOrder,
  committed: (made: Committed) => Promise<void> = () => Promise.resolve(),
): Promise<Published> {
  const work = await blamingBundle(() => makePublishable(git, remote, order));
  if (work === null) return { outcome: 'nothing' };
  const placed = await blamingBundle(() => placeWork(git, remote, work, order));
  const { branch, commit, message, files, expectedHead } = placed;
  await committed({ branch, commit, message, isNew: expectedHead === null });
  await pushCommit(git, remote, placed);
  return { outcome: 'published', branch, commit, message, files };
}

/** The commit that may be pushed; `null` when nothing changed. */
async function makePublishable(git: Git, remote: Remote, order: PublishOrder): Promise<Work | null> {
  const { baseCommit: base, expectedHead, secrets } = order;
  const parent = expectedHead ?? base;
  const tip = await importBundle(git, remote, { ...order, bases: [base, parent] });
  const tree = await treeOf(git, tip);
  if (tree === (await treeOf(git, parent))) return null;
  const message = () => readCommitMessage(git, { tip, base }, fitWords(secrets));
  return { ...(await commitWork(git, order, { tree, parent, message })), parent };
}

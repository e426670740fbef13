/** A pull request for a branch that was published. */
import { openGitHub } from '../github/client.ts';
import { GitHubError, type GitHubErrorKind } from '../github/errors.ts';
import { findGitHubRepository, type GitHubRepository } from '../github/hosts.ts';
import { ensurePullRequest, type PullRequest } from '../github/pull-requests.ts';
import type { FailureName } from '../workflows/contract/failures.ts';
import { failure } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { PublishDependencies } from './publish.ts';
import { wordPullRequest } from './pull-request-text.ts';
import { unlock, type RepositorySource } from './repository-work.ts';
import { secretValues } from './secret-values.ts';

export interface PullRequestOrder extends RepositorySource {
  runId: string;
  branch: string;
  /** Where it is to go; `null` is the default branch. */
  base: string | null;
  /** In the order in which they are tried as a title. */
  titles: string[];
  /** What the agent said last. */
  text: string | null;
  /** Names of secrets, or prefixes of them that end in `/`, whose values must not leave. */
  secrets: string[];
}

const failureOf: Record<GitHubErrorKind, FailureName> = {
  unauthorized: 'GitCredentialRefused',
  refused: 'PullRequestRefused',
  unavailable: 'RepositoryUnreachable',
};

export function createPullRequestActivities({ store, publishing }: PublishDependencies) {
  /** Finds it or makes it: repeating it makes no second one. */
  async function openPullRequest(order: PullRequestOrder): Promise<PullRequest> {
    const { runId, branch: head, base, titles, text } = order;
    const repository = repositoryOf(order);
    const token = await tokenOf(order);
    const secrets = [...(await secretValues(store.secrets, order.secrets)), token];
    const words = await wordPullRequest({ runId, titles, text }, secrets);
    return await namingFailures(() =>
      whileHeartbeating((signal) => ensurePullRequest(openGitHub(repository, token, signal), { head, base, ...words })),
    );
  }

  return { openPullRequest };

  async function tokenOf({ credential }: PullRequestOrder): Promise<string> {
    if (credential) return (await unlock(store, credential)).password;
    throw failure('PullRequestRefused', 'Nobody opens a pull request without a token for the repository.');
  }

  function repositoryOf({ url }: PullRequestOrder): GitHubRepository {
    const found = findGitHubRepository(url, publishing.gitHubHosts);
    if (found) return found;
    throw failure('PullRequestRefused', 'No pull request can be opened there: GITHUB_HOSTS does not name its host.');
  }
}

async function namingFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const { kind, message, retryAfterSeconds } = error;
    throw failure(failureOf[kind], message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}

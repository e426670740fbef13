/** One pull request for a branch, however often it is asked for. */
import type { GitHubClient, NewPullRequest, PullRequestRecord } from './client.ts';
import { GitHubError } from './errors.ts';

export interface PullRequestWish extends Omit<NewPullRequest, 'base'> {
  /** `null` is the repository's default branch. */
  base: string | null;
  /** A text of the body that no other request has: by it, the one that an earlier try made is known again. */
  mark: string;
}

export interface PullRequest {
  number: number;
  url: string;
  /** Whether this request made it; `false` for one that the branch had already. */
  isNew: boolean;
}

/**
 * Finds the pull request that this request made, open or not: whoever closed it meanwhile meant it. Else the open one of the
 * branch, which now shows the new work. Else makes one. Fails with a `GitHubError`.
 */
export async function ensurePullRequest(github: GitHubClient, wish: PullRequestWish): Promise<PullRequest> {
  const found = await find(github, wish);
  if (found) return found;
  const { head, title, body, mark } = wish;
  const base = wish.base ?? (await github.readDefaultBranch());
  try {
    return asAnswer(await github.createPullRequest({ head, base, title, body }), mark);
  } catch (error) {
    // Another try at the same time may have been first: GitHub lets a branch have one open pull request into another.
    const there = isUnprocessable(error) ? await find(github, wish) : undefined;
    if (there) return there;
    throw error;
  }
}

async function find(github: GitHubClient, { head, mark }: PullRequestWish): Promise<PullRequest | undefined> {
  const all = await github.listPullRequests(head);
  const found = all.find(({ body }) => body.includes(mark)) ?? all.find(({ isOpen }) => isOpen);
  return found && asAnswer(found, mark);
}

function asAnswer({ number, url, body }: PullRequestRecord, mark: string): PullRequest {
  return { number, url, isNew: body.includes(mark) };
}

function isUnprocessable(error: unknown): boolean {
  return error instanceof GitHubError && error.status === 422;
}

/** GitHub's REST API as Pawl uses it; the only file that knows its client library. */
import { Octokit, RequestError } from 'octokit';
import { GitHubError } from './errors.ts';
import type { GitHubRepository } from './hosts.ts';

export interface PullRequestRecord {
  number: number;
  /** The page for people. */
  url: string;
  isOpen: boolean;
  body: string;
}

export interface NewPullRequest {
  /** The branch with the work, and the one that it is offered to. */
  head: string;
  base: string;
  title: string;
  body: string;
}

export type GitHubClient = ReturnType<typeof openGitHub>;

/** A call that takes longer is given up; what became of it shows when it is repeated. */
const patienceMs = 15_000;

const silent = () => undefined;

/**
 * Every call says once what it has to say (Temporal repeats it), and fails with a `GitHubError` or with the reason of `signal`.
 * Nothing is contacted yet.
 */
export function openGitHub({ apiUrl, owner, repo }: GitHubRepository, token: string, signal: AbortSignal) {
  const { rest } = new Octokit({
    ...{ baseUrl: apiUrl, auth: token, userAgent: 'pawl' },
    ...{ retry: { enabled: false }, throttle: { enabled: false } },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const call = () => ({ owner, repo, request: { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) } });

  return {
    /** Those of this branch, whatever became of them; the newest hundred. */
    listPullRequests: (branch: string): Promise<PullRequestRecord[]> =>
      named(signal, async () => {
        const wanted = { head: `${owner}:${branch}`, state: 'all', sort: 'created', direction: 'desc' } as const;
        const { data } = await rest.pulls.list({ ...call(), ...wanted, per_page: 100 });
        return data.filter(({ head }) => head.ref === branch).map(recordOf);
      }),

    /** Fails with `refused` and status 422 where the branch has an open one already, or there is nothing to merge. */
    createPullRequest: (wanted: NewPullRequest): Promise<PullRequestRecord> =>
      named(signal, async () => recordOf((await rest.pulls.create({ ...call(), ...wanted })).data)),

    readDefaultBranch: (): Promise<string> =>
      named(signal, async () => (await rest.repos.get(call())).data.default_branch),
  };
}

interface Answered {
  number: number;
  html_url: string;
  state: string;
  body: string | null;
}

function recordOf({ number, html_url: url, state, body }: Answered): PullRequestRecord {
  return { number, url, isOpen: state === 'open', body: body ?? '' };
}

async function named<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    // The library gives errors without an answer a status of its own.
    const { message, response } = error;
    throw new GitHubError({ status: response?.status, message, headers: response?.headers ?? {} });
  }
}

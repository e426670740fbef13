/** What GitHub does about pull requests. Answers are the examples of its own description, with what differs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Pull {
  repository: string;
  number: number;
  head: string;
  base: string;
  title: string;
  body: string;
  isOpen: boolean;
}

export interface Call {
  method: string;
  path: string;
  owner: string;
  repo: string;
  query: URLSearchParams;
  body: unknown;
}

export interface Answer {
  status: number;
  body: unknown;
}

interface Examples {
  repository: { source: object };
  pullRequest: { head: object; base: object };
  listed: { head: object; base: object };
}

const { examples } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'api.spec.json'), 'utf8')) as {
  examples: Examples;
};

export function showRepository({ owner, repo }: Call): Answer {
  // The example forgets what the description requires.
  const source = { ...examples.repository.source, language: null };
  const named = { source, language: null, name: repo, full_name: `${owner}/${repo}`, default_branch: 'main' };
  return { status: 200, body: { ...examples.repository, ...named } };
}

/** Newest first, as it is asked for. */
export function listPulls(pulls: readonly Pull[], call: Call): Answer {
  const [state, head] = [call.query.get('state') ?? 'open', call.query.get('head')];
  const listed = pulls.filter(
    (pull) =>
      pull.repository === `${call.owner}/${call.repo}` &&
      (head === null || head === `${call.owner}:${pull.head}`) &&
      (state === 'all' || pull.isOpen === (state === 'open')),
  );
  return { status: 200, body: listed.toReversed().map((pull) => shown(examples.listed, pull)) };
}

interface Place {
  pulls: Pull[];
  hasBranch: (repository: string, branch: string) => Promise<boolean> | boolean;
}

/** Refuses a second open one of the same branches, and branches that are not there. */
export async function createPull({ pulls, hasBranch }: Place, { owner, repo, body }: Call): Promise<Answer> {
  const {
    head,
    base,
    title = '',
    body: words = '',
  } = body as { head: string; base: string; title?: string; body?: string };
  const repository = `${owner}/${repo}`;
  for (const [field, branch] of Object.entries({ head, base })) {
    if (!(await hasBranch(repository, branch))) return refusal({ field, code: 'invalid' });
  }
  const twin = pulls.find(
    (pull) => pull.repository === repository && pull.head === head && pull.base === base && pull.isOpen,
  );
  const message = `A pull request already exists for ${owner}:${head}.`;
  if (twin) return refusal({ code: 'custom', message });
  const pull: Pull = { repository, number: pulls.length + 1, head, base, title, body: words, isOpen: true };
  pulls.push(pull);
  return { status: 201, body: shown(examples.pullRequest, pull) };
}

function refusal(error: { field?: string; code: string; message?: string }): Answer {
  return {
    status: 422,
    body: {
      message: 'Validation Failed',
      documentation_url: 'https://docs.github.com/rest',
      errors: [{ resource: 'PullRequest', ...error }],
    },
  };
}

function shown(example: Examples['listed'], { repository, number, head, base, title, body, isOpen }: Pull): object {
  return {
    // Its example of a team is not as it describes one.
    ...{ ...example, requested_teams: [], number, title, body, state: isOpen ? 'open' : 'closed' },
    html_url: `https://github.example/${repository}/pull/${number}`,
    head: { ...example.head, ref: head },
    base: { ...example.base, ref: base },
  };
}

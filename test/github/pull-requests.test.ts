/** One pull request for a branch, whatever happens between Pawl and GitHub. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openGitHub } from '../../github/client.ts';
import { GitHubError, type GitHubErrorKind } from '../../github/errors.ts';
import { ensurePullRequest, type PullRequestWish } from '../../github/pull-requests.ts';
import { gitHubToken, openFakeGitHub, type FakeGitHub } from '../support/github/fake-github.ts';

const wish: PullRequestWish = {
  head: 'claude/fix-the-build-12345678',
  base: 'develop',
  title: 'fix: the build',
  body: 'What I did.\n<!-- mark-1 -->',
  mark: '<!-- mark-1 -->',
};

describe('a pull request', () => {
  let github: FakeGitHub;
  beforeEach(async () => void (github = await openFakeGitHub()));
  afterEach(async () => {
    await github[Symbol.asyncDispose]();
    assert.deepEqual(github.violations, [], 'against GitHub’s own description');
  });

  const ensure = (
    differences: Partial<PullRequestWish> = {},
    token = gitHubToken,
    signal = new AbortController().signal,
  ) =>
    ensurePullRequest(openGitHub({ apiUrl: github.url, owner: 'team', repo: 'app' }, token, signal), {
      ...wish,
      ...differences,
    });

  it('is made once, and found by whoever asks again', async () => {
    const made = await ensure();
    assert.deepEqual(made, { number: 1, url: 'https://github.example/team/app/pull/1', isNew: true });
    assert.deepEqual(await ensure(), made);
    const { head, base, title, body } = wish;
    assert.deepEqual(github.pulls, [{ repository: 'team/app', number: 1, isOpen: true, head, base, title, body }]);
  });

  it('goes to the default branch where no other is named', async () => {
    await ensure({ base: null });
    assert.deepEqual(
      github.pulls.map(({ base }) => base),
      ['main'],
    );
  });

  it('is one when ten ask at the same moment', async () => {
    const numbers = (await Promise.all(Array.from({ length: 10 }, () => ensure()))).map(({ number }) => number);
    assert.deepEqual(new Set(numbers), new Set([1]));
    assert.equal(github.pulls.length, 1);
  });

  it('is found by the next try when the answer that told of it was lost', async () => {
    github.fault = ({ method }, when) => (method === 'POST' && when === 'after' ? 'cut' : undefined);
    await assert.rejects(ensure(), isError('unavailable'));
    github.fault = () => undefined;
    assert.deepEqual(await ensure(), { number: 1, url: 'https://github.example/team/app/pull/1', isNew: true });
  });

  it('is not made again when somebody has closed it before the next try', async () => {
    await ensure();
    github.pulls[0]!.isOpen = false;
    assert.equal((await ensure()).number, 1);
    assert.equal(github.pulls.length, 1);
  });

  it('of an earlier turn takes the work of a later one, as long as it is open', async () => {
    await ensure();
    const later = { mark: '<!-- mark-2 -->', body: 'And more.\n<!-- mark-2 -->' };
    assert.deepEqual(await ensure(later), { number: 1, url: 'https://github.example/team/app/pull/1', isNew: false });
    github.pulls[0]!.isOpen = false;
    assert.equal((await ensure(later)).number, 2);
  });

  it('of another branch, or of another repository, is another one', async () => {
    await ensure();
    await ensure({ head: 'claude/something-else-12345678', mark: '<!-- mark-2 -->', body: '<!-- mark-2 -->' });
    assert.equal(github.pulls.length, 2);
  });

  const faults: [string, GitHubErrorKind, { status: number; headers?: Record<string, string> }][] = [
    ['a missing right', 'refused', { status: 403 }],
    ['a repository that the token may not see', 'refused', { status: 404 }],
    ['a used-up limit', 'unavailable', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }],
    ['too many requests at once', 'unavailable', { status: 429, headers: { 'retry-after': '7' } }],
    ['a fault of its own', 'unavailable', { status: 502 }],
  ];
  for (const [what, kind, fault] of faults) {
    it(`fails as ${kind} for ${what}`, async () => {
      github.fault = () => ({ ...fault, body: { message: 'No.' } });
      await assert.rejects(ensure(), isError(kind));
    });
  }

  it('waits for as long as GitHub says', async () => {
    github.fault = () => ({ status: 429, headers: { 'retry-after': '7' }, body: {} });
    await assert.rejects(ensure(), { retryAfterSeconds: 7 });
  });

  it('fails as unauthorized for a token that is none, and does not show it', async () => {
    await assert.rejects(ensure({}, 'ghp-another-token'), (error: unknown) => {
      assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /ghp-another-token/);
      return isError('unauthorized')(error);
    });
  });

  it('fails with GitHub’s own words where there is no such branch', async () => {
    github.hasBranch = (_repository, branch) => branch !== 'develop';
    await assert.rejects(ensure(), (error: unknown) => isError('refused')(error) && /base/.test(String(error)));
  });

  it('is given up when the caller does', async () => {
    const stop = new AbortController();
    github.fault = () => {
      stop.abort(new Error('cancelled'));
      return new Promise(() => undefined);
    };
    await assert.rejects(ensure({}, gitHubToken, stop.signal), /cancelled/);
  });
});

function isError(kind: GitHubErrorKind): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof GitHubError, String(error));
    assert.equal(error.kind, kind, error.message);
    return true;
  };
}

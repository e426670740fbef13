/** A GitHub that holds a new pull request before it counts, and after it did but nobody was told. */
import type { FakeGitHub } from '../support/github/fake-github.ts';
import { pass } from './gates.ts';

/** By the gates of this folder. Whose pull request it is stands in its words, as it would at GitHub. */
export function holdPullRequests(github: FakeGitHub, gates: string): void {
  github.fault = async ({ method, body }, when) => {
    const [runId] = /run-[a-z0-9]{10}/.exec(method === 'POST' ? (body as { body: string }).body : '') ?? [];
    if (runId) await pass(gates, runId, `${when} openPullRequest`);
    return undefined;
  };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ExecuteEvent } from '../../api/execute/execute-event.ts';
import { factsOf, projectEvent } from '../../api/execute/project-events.ts';
import type { StoredEvent } from '../../store/store.ts';
import { failures, type FailureName } from '../../workflows/contract/failures.ts';
import type { RunEvent, RunEvents } from '../../workflows/contract/run-events.ts';

const runId = 'run-aaaaaaaaaa';
const at = '2026-11-21T20:00:00.000Z';
const accepted: RunEvents['run.accepted'] = {
  ...{ sessionId: 'mine', owner: 'owner', agent: 'claude', publish: 'branch', resuming: false },
  repoUrl: 'https://github.com/octo/hello.git',
};

function stored(events: (RunEvent | { type: string; data: unknown })[]): StoredEvent[] {
  return events.map(({ type, data }, index) => ({ seq: index + 1, type, data, at }));
}

function project(events: (RunEvent | { type: string; data: unknown })[]) {
  const log = stored([{ type: 'run.accepted', data: accepted }, ...events]);
  const facts = factsOf(runId, log[0]!);
  return log.flatMap((event) => projectEvent(facts, event));
}

const told = (events: RunEvent[]): unknown[] =>
  project(events)
    .slice(1)
    .map(({ event }) => event);

describe('the events of /execute', () => {
  it('come of a run with a repository in the order that clients know', () => {
    const branch = 'claude/fix-the-build-aaaaaaaa';
    const types = project([
      { type: 'run.queued', data: { queue: 'runner' } },
      { type: 'run.preparing', data: { host: 'a', resuming: false } },
      { type: 'repository.cloning', data: { repoUrl: accepted.repoUrl! } },
      { type: 'repository.cloned', data: { branch: 'main', asked: null, fellBack: false, commit: 'c' } },
      { type: 'branch.named', data: { branch, from: 'main' } },
      { type: 'agent.started', data: { agent: 'claude', version: '2.1', resumed: null } },
      { type: 'agent.message', data: { message: { type: 'assistant' } } },
      { type: 'agent.log', data: { stream: 'stderr', text: 'noise' } },
      { type: 'checkpoint.saved', data: { n: 1, file: 'checkpoint-1.tar' } },
      { type: 'publish.started', data: { branch } },
      { type: 'publish.committed', data: { branch, commit: 'd', message: 'fix: it', isNew: true } },
      { type: 'publish.pushed', data: { branch, commit: 'd' } },
      { type: 'run.completed', data: { durationMs: 5, branch, commit: 'd', usage: null } },
    ]).map(({ event }) => (event.type === 'commit_progress' ? event.stage : event.type));
    assert.deepEqual(types, [
      ...['connected', 'message', 'message', 'message', 'github_pull_progress', 'github_pull_progress'],
      ...['message', 'session_name', 'branch_created', 'message', 'assistant_message'],
      ...['analyzing', 'creating_branch', 'generating_message', 'committing', 'committed', 'pushing', 'pushed'],
      ...['completed', 'completed'],
    ]);
  });

  it('begin with the session, and say whether it goes on', () => {
    const [first] = project([]);
    assert.deepEqual(first, {
      id: `${runId}:1`,
      event: { type: 'connected', timestamp: at, sessionId: 'mine', resuming: false, provider: 'claude' },
    });
    const log = stored([{ type: 'run.accepted', data: { ...accepted, resuming: true } }]);
    const [again] = projectEvent(factsOf(runId, log[0]!), log[0]!);
    assert.deepEqual(again?.event, {
      ...{ type: 'connected', timestamp: at, sessionId: 'mine', resuming: true, resumedFrom: 'mine' },
      provider: 'claude',
    });
  });

  it('name the branch, its parent, and the path of the session', () => {
    const branch = 'claude/fix-the-build-aaaaaaaa';
    assert.deepEqual(told([{ type: 'branch.named', data: { branch, from: 'main' } }]).slice(1), [
      { type: 'session_name', timestamp: at, sessionName: 'fix the build', branchName: branch },
      {
        ...{ type: 'branch_created', timestamp: at, branchName: branch, parentBranch: 'main', baseBranch: 'main' },
        sessionPath: 'octo/hello/claude-fix-the-build-aaaaaaaa',
        message: `Created branch ${branch} from main`,
      },
    ]);
  });

  it('say when a branch is missing and another one was taken', () => {
    const cloned: RunEvent = {
      type: 'repository.cloned',
      data: { branch: 'main', asked: 'gone', fellBack: true, commit: 'c' },
    };
    assert.deepEqual(told([cloned])[0], {
      ...{ type: 'message', timestamp: at },
      message: 'There is no branch gone: falling back to main',
    });
  });

  it('carry the messages of a provider unchanged, also of kinds that nobody knows', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (message) => {
        const [, event] = project([{ type: 'agent.message', data: { message } }]);
        assert.deepEqual(event?.event, { type: 'assistant_message', timestamp: at, data: message });
      }),
    );
  });

  it('end with one of the known codes, whatever went wrong', () => {
    for (const code of Object.keys(failures) as FailureName[]) {
      const last = project([{ type: 'run.failed', data: { durationMs: 1, code, message: 'Because.' } }]).at(-1);
      assert.equal(ExecuteEvent.parse(last?.event).type, 'error');
    }
    const codes = (['CredentialRefused', 'RepositoryMissing', 'AgentFailed'] as const).map((code) => {
      const last = project([{ type: 'run.failed', data: { durationMs: 1, code, message: 'Because.' } }]).at(-1)?.event;
      return last?.type === 'error' && last.code;
    });
    assert.deepEqual(codes, ['auth_error', 'repo_not_found', 'internal_error']);
  });

  it('have a form of the list whatever comes out of a container, and ids that repeat nowhere', () => {
    const type = fc.constantFrom(
      ...['agent.started', 'agent.message', 'agent.log', 'agent.ended', 'agent.x', 'checkpoint.saved', 'toString'],
      ...['credential.refused', 'budget.spent', 'model.unpriced', '__proto__'],
    );
    const events = fc.array(fc.record({ type, data: fc.jsonValue() }), { maxLength: 30 });
    fc.assert(
      fc.property(events, (given) => {
        const first = project(given);
        assert.deepEqual(project(given), first);
        for (const { event } of first) assert.deepEqual(ExecuteEvent.parse(event), event);
        assert.equal(new Set(first.map(({ id }) => id)).size, first.length);
      }),
    );
  });
});

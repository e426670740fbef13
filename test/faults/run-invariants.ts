/** What holds of a run after any crash, once it has ended. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { runLabel } from '../../local-cloud/labels.ts';
import type { StoredEvent } from '../../store/store.ts';
import { lastRunEventTypes } from '../../workflows/contract/run-events.ts';
import { runStream } from '../../workflows/contract/run.ts';
import { until } from '../../engine/until.ts';
import { insist } from '../support/client.ts';
import { dockerThings } from '../support/docker.ts';
import type { AskedRun } from './client-runs.ts';
import type { RunStack } from './run-stack.ts';

const run = promisify(execFile);

/** One end, one story, one commit, one pull request, one answer; and of all that it had on its way, nothing. */
export async function assertWhole(stack: RunStack, asked: AskedRun, agentLives: 1 | 2): Promise<void> {
  const events = await storyOf(stack, asked);
  assertStory(events);
  assertSaid(events, asked.messages, agentLives);
  assert.deepEqual(await asked.followed, events, 'what a client has seen who took up again');
  await assertOneCommit(asked);
  assertOnePullRequest(stack, asked);
  await assertNothingLeft(stack, asked);
  const again = await insist(stack, 'POST', '/runs', asked.request);
  assert.deepEqual([again.status, again.text], [202, asked.answer.text], 'the repeated request');
}

/** Resolves when the run and its callback have come to their end, as the one who asked for it sees them. */
export async function untilOver(stack: RunStack, { id }: AskedRun, deadlineMs: number): Promise<void> {
  const status = async (): Promise<unknown> =>
    (await stack.call('GET', `/runs/${id}`).catch(() => undefined))?.body['status'];
  await until(`${id} is completed`, async () => (await status()) === 'completed', { deadlineMs });
  const isDelivered = async () => (await stack.store.callbacks.read(`cb-${id}-completed`))?.status === 'delivered';
  await until(`the callback of ${id} counts as delivered`, isDelivered, { deadlineMs });
}

async function storyOf({ store }: RunStack, { id }: AskedRun): Promise<StoredEvent[]> {
  return await store.events.read(runStream(id), { after: 0, limit: 10_000 });
}

/** What comes once came once, in this order. */
const milestones = [
  ...['run.accepted', 'run.queued', 'run.preparing', 'repository.cloning', 'repository.cloned', 'branch.named'],
  ...['agent.ended', 'publish.started', 'publish.committed', 'publish.pushed', 'pull_request.opened'],
  'run.completed',
];

function assertStory(events: readonly StoredEvent[]): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  const types = events.map(({ type }) => type);
  assert.deepEqual(
    types.filter((type) => milestones.includes(type)),
    milestones,
  );
  assert.deepEqual(types.filter((type) => lastRunEventTypes.includes(type)).length, 1, 'last words');
}

/** An agent that dies with its container begins anew; whatever it said before is there, too, up to where it was. */
function assertSaid(events: readonly StoredEvent[], messages: number, agentLives: 1 | 2): void {
  const said = events
    .filter(({ type }) => type === 'agent.message')
    .map(({ data }) => (data as { message: { text: string } }).message.text);
  const begun = said.findIndex((text) => text.startsWith('life 2'));
  const lives = begun < 0 ? [said] : [said.slice(0, begun), said.slice(begun)];
  assert.ok(lives.length <= agentLives, 'nobody killed the agent');
  for (const [index, lines] of lives.entries()) {
    const count = index === lives.length - 1 ? messages : lines.length;
    const expected = Array.from({ length: count }, (_, line) => `life ${index + 1} line ${line + 1}`);
    assert.deepEqual(lines, expected);
  }
}

async function assertOneCommit({ repository }: AskedRun): Promise<void> {
  const git = async (...args: string[]): Promise<string[]> =>
    (await run('git', ['-C', repository, ...args])).stdout.split('\n').filter(Boolean);
  const branches = (await git('for-each-ref', '--format=%(refname:short)')).filter((name) => name !== 'main');
  assert.equal(branches.length, 1, branches.join(', '));
  assert.equal((await git('rev-list', `main..${branches[0]}`)).length, 1, 'commits');
  assert.deepEqual(await git('show', `${branches[0]}:work.txt`), ['done']);
}

function assertOnePullRequest({ github }: RunStack, { id, repository }: AskedRun): void {
  const ours = github.pulls.filter((pull) => repository.endsWith(`/${pull.repository}.git`));
  assert.deepEqual(
    ours.map(({ base, isOpen, body }) => [base, isOpen, body.includes(id)]),
    [['main', true, true]],
    'pull requests',
  );
  assert.deepEqual(github.violations, []);
}

async function assertNothingLeft({ store, home }: RunStack, { id }: AskedRun): Promise<void> {
  assert.deepEqual(await dockerThings(`${runLabel}=${id}`), [], 'containers and volumes');
  assert.equal(await store.doors.read(id), undefined);
  assert.deepEqual(await store.secrets.list(`door/${id}/`), [], "the door's token");
  const credentials = (await store.credentials.list()).filter(({ name }) => name.startsWith(`${id}.`));
  assert.deepEqual(credentials, [], 'its own credentials');
  // A gateway that was away when the door was closed sees that within seconds.
  const folders = () => readdir(path.join(home, 'gateway', 'doors'));
  await until(`the folder of the door of ${id} is gone`, async () => !(await folders()).includes(id));
}

/** Once no run is at work any more. */
export async function assertNoWorkFolders({ home }: RunStack): Promise<void> {
  assert.deepEqual(await readdir(path.join(home, 'work')), [], 'folders for work with repositories');
}

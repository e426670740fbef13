/** What is left of a run when its container dies, with its volume or without. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { until } from '../../engine/until.ts';
import { startAgentContainer } from '../support/agents/container.ts';
import type { TestDoor } from '../support/agents/door.ts';
import { jobFor, scriptJob } from '../support/agents/job.ts';
import { assertCounted } from '../support/agents/play.ts';
import { startAgentRun } from '../support/agents/run.ts';

const run = promisify(execFile);

const counting = scriptJob('for i in $(seq 40); do echo $i; sleep 0.02; done; echo made > made.txt', {
  limits: { minutes: 5, checkpointSeconds: 0 },
});

describe('an agent whose container is killed', { timeout: 600_000 }, () => {
  it('goes on where it was, and no event is lost or told twice, wherever it is killed', async (test) => {
    await using run = await startAgentRun(counting);
    // From before the first event to after the last: by how many are there, and a moment more.
    for (const [events, moreMs] of killPoints) {
      await until(`there are ${events} events`, () => run.door.events.length >= events || isEnded(run.door), {
        pollMs: 5,
      });
      await sleep(moreMs);
      await run.container.kill('KILL').catch(() => undefined);
      await run.container.exited();
      await run.container.restart();
    }
    assert.equal(await run.container.exited(), 0);
    const starts = startsOf(run.door);
    test.diagnostic(`${killPoints.length} kills, ${starts.length} starts, ${run.door.events.length} events`);
    assert.deepEqual(starts, [null, ...Array<string>(starts.length - 1).fill('volume')]);
    assert.equal(run.door.end().outcome, 'completed');
    assertEndedOnce(run.door);
  });

  it('goes on behind the last fence when its volume is lost as well', async () => {
    const job = jobFor('claude', 'SCRIPT:held', { limits: { minutes: 5, checkpointSeconds: 0 } });
    await using run = await startAgentRun(job);
    run.model.addScript('held', {
      steps: [
        { do: [{ write: { path: 'hello.txt', content: 'before\n' } }] },
        { do: [{ run: 'git add . && git commit -qm one && echo after > later.txt' }] },
        { do: [{ run: 'sleep 200 & wait' }] },
      ],
    });
    await until('there are two checkpoints', () => checkpoints(run.door) >= 2);
    await run.container[Symbol.asyncDispose]();
    const asked = run.model.requests.length;
    run.model.addScript('held', { steps: [{ say: 'Done after all.' }] });
    await using second = await startAgentContainer(run.door.folder);

    assert.equal(await second.exited(), 0);
    const end = run.door.end();
    assert.deepEqual([end.outcome, end.reason, end.text], ['completed', null, 'Done after all.']);
    assert.deepEqual(startsOf(run.door), [null, 'checkpoint']);
    assertEndedOnce(run.door);
    assert.deepEqual(await bundled(run.door.file('result.bundle')), ['hello.txt', 'later.txt']);
    assert.ok(run.model.requests[asked]?.body.includes('git commit -qm one'), 'the model sees the conversation so far');
  });

  it('begins anew when nothing was saved yet, and says so', async () => {
    await using run = await startAgentRun(scriptJob('echo one; sleep 300', { limits: { minutes: 5 } }));
    await run.door.told('agent.message');
    await run.container[Symbol.asyncDispose]();
    await using second = await startAgentContainer(run.door.folder);
    await until('the second agent has told', () => run.door.messages().length === 2);
    await second.kill('TERM');
    assert.equal(await second.exited(), 0);
    assert.deepEqual(startsOf(run.door), [null, null]);
    assertEndedOnce(run.door);
  });

  it('does not begin anew after its end was told', async () => {
    await using run = await startAgentRun(scriptJob('echo once'));
    await run.end();
    await run.container[Symbol.asyncDispose]();
    await using second = await startAgentContainer(run.door.folder);
    assert.equal(await second.exited(), 0);
    assert.deepEqual(startsOf(run.door), [null]);
    assert.equal(run.door.end().outcome, 'completed');
  });
});

const killPoints: [events: number, moreMs: number][] = [
  [0, 0],
  [0, 400],
  [1, 0],
  [3, 37],
  [15, 11],
  [30, 73],
  [40, 5],
  [55, 160],
  [80, 320],
];

function isEnded(door: TestDoor): boolean {
  return door.events.some(({ type }) => type === 'agent.ended');
}

function checkpoints(door: TestDoor): number {
  return door.events.filter(({ type }) => type === 'checkpoint.saved').length;
}

function startsOf(door: TestDoor): unknown[] {
  const starts = door.events.filter(({ type }) => type === 'agent.started');
  return starts.map(({ data }) => (data as { resumed: unknown }).resumed);
}

function assertEndedOnce(door: TestDoor): void {
  assertCounted(door);
  assert.equal(door.events.filter(({ type }) => type === 'agent.ended').length, 1);
}

/** Names of the files in a bundle that stands alone. */
async function bundled(file: string): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', listing, file]);
  return stdout.trim().split('\n');
}

const listing = `set -e; folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
git clone --quiet --bare --branch main "$0" "$folder" && git -C "$folder" ls-tree -r --name-only main`;

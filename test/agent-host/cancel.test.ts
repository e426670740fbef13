/** Cancelling agents that will not be ended. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { until } from '../../engine/until.ts';
import { openTestDoor } from '../support/agents/door.ts';
import { startAgentHost } from '../support/agents/host-process.ts';
import { scriptJob } from '../support/agents/job.ts';
import { assertCounted } from '../support/agents/play.ts';
import { startAgentRun } from '../support/agents/run.ts';
import type { AgentRun } from '../support/agents/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const forever = 'while :; do sleep 0.05; done';
const deaf = `trap '' TERM INT HUP`;
const deafPython = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(301)';

/** Each goes on for minutes if it is let, and says first that it has begun. */
const stubborn: Record<string, string> = {
  'that ignores what it is told': `${deaf}; echo ready; ${forever}`,
  'whose grandchildren ignore it too': `${deaf}; (sh -c "${deaf}; ${forever}" & wait) & echo ready; wait`,
  'whose grandchildren lead sessions of their own': `(setsid python3 -c "${deafPython}" &) ; echo ready; sleep 301`,
  'that stands still': 'echo ready; kill -STOP $$',
  'that multiplies': `bomb() { while :; do (bomb) & sleep 0.02; done; }; echo ready; exec 2>/dev/null; bomb`,
};

describe('a cancelled agent', { timeout: 300_000 }, () => {
  for (const [kind, script] of Object.entries(stubborn)) {
    it(`${kind} is gone, and what it did is kept`, async (test) => {
      await using run = await startAgentRun(scriptJob(`echo done > work.txt; ${script}`));
      await run.door.told('agent.message');
      const end = await cancel(run, test);
      assert.deepEqual([end.outcome, end.reason, end.files], ['aborted', 'cancelled', ['result.bundle']]);
    });
  }

  it('is cancelled and not failed while checkpoints are made', async (test) => {
    const limits = { minutes: 5, checkpointSeconds: 0 };
    const script = `for i in $(seq 3000); do echo $i > $i.txt; done; ${deaf}; while :; do date; done`;
    await using run = await startAgentRun(scriptJob(script, { limits }));
    await run.door.told('checkpoint.saved');
    const end = await cancel(run, test);
    assert.deepEqual([end.outcome, end.reason, end.files], ['aborted', 'cancelled', ['result.bundle']]);
  });

  it('never begins when its repository is still awaited', async () => {
    const repository = { archive: 'repo.tar', branch: 'x', baseCommit: '0'.repeat(40) };
    await using folder = await temporaryFolder();
    await using door = await openTestDoor(folder.path, {
      job: scriptJob('echo never', { repository }),
      held: ['repo.tar'],
    });
    await using host = startAgentHost(door.folder, path.join(folder.path, 'work'));
    await until('its repository is asked for', () => door.wanted.includes('repo.tar'));
    host.kill('SIGTERM');
    assert.equal(await host.exited, 0);
    const end = door.end();
    assert.deepEqual([end.outcome, end.reason], ['aborted', 'cancelled before the agent started']);
    assert.deepEqual(door.messages(), []);
  });
});

/** Cancels, and returns the end once nothing is left. */
async function cancel(run: AgentRun, test: TestContext) {
  const before = performance.now();
  await run.container.kill('TERM');
  const end = await run.end();
  test.diagnostic(`the container has ended after ${Math.round(performance.now() - before)} ms`);
  assertCounted(run.door);
  return end;
}

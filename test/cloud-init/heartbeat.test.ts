/** From what was seen to what is reported, and to the machine's own end. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isForsaken } from '../../cloud-init/on-machine/idle/dead-man.ts';
import { heartbeatFrom } from '../../cloud-init/on-machine/idle/heartbeat.ts';
import { readIdleState, writeIdleState } from '../../cloud-init/on-machine/idle/state.ts';
import { HeartbeatReport } from '../../workflows/contract/workspace.schema.ts';

const fresh = readIdleState(100_000, '/nowhere');

describe('a heartbeat', () => {
  it('tells ages, the most recent first', () => {
    const state = { ...fresh, seq: 7, lastActiveMs: { files: 400_000, terminal: 500_000, cpu: 100_000 } };
    const report = HeartbeatReport.parse(heartbeatFrom(state, 560_000));
    assert.deepEqual(report, {
      seq: 7,
      idleSeconds: 60,
      keptAliveBy: [
        { by: 'terminal', secondsAgo: 60 },
        { by: 'files', secondsAgo: 160 },
        { by: 'cpu', secondsAgo: 460 },
      ],
    });
  });

  it('of a machine on which nothing ever happened is as idle as the machine is old', () => {
    assert.deepEqual(heartbeatFrom({ ...fresh, seq: 1 }, 145_000), { seq: 1, idleSeconds: 45, keptAliveBy: [] });
  });
});

describe('the dead-man timer', () => {
  it('counts from the last heartbeat that was accepted', () => {
    assert.equal(isForsaken({ ...fresh, heardMs: 0 }, 10, 599_999), false);
    assert.equal(isForsaken({ ...fresh, heardMs: 0 }, 10, 600_000), true);
  });

  it('counts from the start where none ever was', () => {
    assert.equal(isForsaken(fresh, 1, 159_999), false);
    assert.equal(isForsaken(fresh, 1, 160_000), true);
  });
});

describe('what one look leaves for the next', () => {
  it('is read back as it was written', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pawl-state-'));
    const file = path.join(folder, 'new/idle.json');
    try {
      const state = { ...fresh, seq: 3, lastActiveMs: { web: 5 }, web: null, cpu: { takenMs: 1, usedMs: { a: 2 } } };
      writeIdleState(state, file);
      assert.deepEqual(readIdleState(0, file), state);
      // Killed between writing and renaming, the old state stays.
      await writeFile(`${file}.new`, '{"seq":');
      assert.deepEqual(readIdleState(0, file), state);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

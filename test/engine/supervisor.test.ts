import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { identifyProcess, isRunning } from '../../engine/supervisor/process-identity.ts';
import { restartDelayMs } from '../../engine/supervisor/restart-delay.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor, type Supervisor } from '../../engine/supervisor/supervisor.ts';
import { diarist, readDiary, untilNoted } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const silent = () => undefined;

describe('the supervisor', () => {
  it('starts processes in order, stops them in reverse and leaves none', async () => {
    await using home = await temporaryFolder();
    const supervisor = await openSupervisor(home.path, silent);
    await supervisor.start(diarist(home.path, 'first'));
    await supervisor.start(diarist(home.path, 'second'));
    const running = recorded(home.path, ['first', 'second']);

    await supervisor.stop();

    assert.deepEqual(await readDiary(home.path), ['first started', 'second started', 'second ended', 'first ended']);
    assert.deepEqual(running.map(isRunning), [false, false]);
    assert.deepEqual(await readdir(path.join(home.path, 'run')), []);
  });

  it('starts a killed process again and says so', async () => {
    await using home = await temporaryFolder();
    const reports: string[] = [];
    const supervisor = await openSupervisor(home.path, (message) => reports.push(message));
    await stopping(supervisor, async () => {
      await supervisor.start(diarist(home.path, 'worker'));

      for (const times of [2, 3]) {
        process.kill(recorded(home.path, ['worker'])[0]!.pid, 'SIGKILL');
        await untilNoted(home.path, 'worker started', times);
      }

      assert.equal(reports.length, 2);
      assert.match(reports[0]!, /^worker ended \(SIGKILL\), starting it again; its log: .*logs\/worker\.log$/);
    });
  });

  it('kills a process that does not end when told to', async () => {
    await using home = await temporaryFolder();
    const supervisor = await openSupervisor(home.path, silent);
    const stubborn = diarist(
      home.path,
      'stubborn',
      `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => 0);`,
    );
    await supervisor.start({ ...stubborn, drainMs: 50 });
    const running = recorded(home.path, ['stubborn']);

    await supervisor.stop();

    assert.deepEqual(running.map(isRunning), [false]);
    assert.deepEqual(await readDiary(home.path), ['stubborn started']);
  });

  it('gives up on a process that never gets ready, shows its last words and stops the others', async () => {
    await using home = await temporaryFolder();
    const supervisor = await openSupervisor(home.path, silent);
    await supervisor.start(diarist(home.path, 'first'));

    const broken = diarist(home.path, 'broken', `console.error('no such setting'); process.exit(3);`);
    await assert.rejects(supervisor.start(broken), {
      name: 'SetupError',
      message: /broken does not start \(exit code 3\)[^]*no such setting/,
    });

    assert.deepEqual(await readDiary(home.path), ['first started', 'first ended']);
    assert.deepEqual(await readdir(path.join(home.path, 'run')), []);
  });

  it('says so when a program is not there at all', async () => {
    await using home = await temporaryFolder();
    const supervisor = await openSupervisor(home.path, silent);

    const missing = { ...diarist(home.path, 'missing'), command: '/does/not/exist' };

    await assert.rejects(supervisor.start(missing), { message: /missing does not start \(.*ENOENT/ });
  });

  it('is the only one for its home', async () => {
    await using home = await temporaryFolder();
    const other = spawn('sleep', ['60']);
    try {
      openRunRecords(home.path).write('supervisor', other.pid!);
      await assert.rejects(openSupervisor(home.path, silent), {
        name: 'SetupError',
        message: `Pawl is already running here (pid ${other.pid}). Stop it first, or choose another home with PAWL_HOME.`,
      });
    } finally {
      other.kill();
    }
  });

  it('leaves a stranger alone that got the pid of a process recorded earlier', async () => {
    await using home = await temporaryFolder();
    const stranger = spawn('sleep', ['60']);
    try {
      openRunRecords(home.path).write('worker', stranger.pid!);
      const record = { ...identifyProcess(stranger.pid!), startedAt: 'another boot 12345' };
      await writeFile(path.join(home.path, 'run', 'worker.json'), JSON.stringify(record));

      const supervisor = await openSupervisor(home.path, silent);
      await supervisor.stop();

      assert.ok(identifyProcess(stranger.pid!), 'the stranger still runs');
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
  });

  it('waits longer from restart to restart, and begins anew after a long life', () => {
    const delays = [undefined, 200, 400, 800, 1600, 3200, 5000].map((previous) => restartDelayMs(previous, 10));

    assert.deepEqual(delays, [200, 400, 800, 1600, 3200, 5000, 5000]);
    assert.equal(restartDelayMs(5000, 30_000), 200);
  });
});

function recorded(home: string, names: string[]) {
  const records = openRunRecords(home);
  return names.map((name) => records.read(name) ?? assert.fail(`${name} has no run record`));
}

async function stopping(supervisor: Supervisor, story: () => Promise<void>): Promise<void> {
  try {
    await story();
  } finally {
    await supervisor.stop();
  }
}

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';

const limit = { timeout: 30_000 };

describe('a process with a stop signal', () => {
  it('ends by itself once it has finished after SIGTERM, though its parent holds the channel open', limit, async () => {
    await using folder = await temporaryFolder();
    await using running = await startProgram(folder.path);

    running.program.kill('SIGTERM');

    assert.deepEqual(await running.ended, [0, null]);
  });

  it('ends when its parent closes the channel', limit, async () => {
    await using folder = await temporaryFolder();
    await using running = await startProgram(folder.path);

    running.program.disconnect();

    assert.deepEqual(await running.ended, [0, null]);
  });
});

interface RunningProgram extends AsyncDisposable {
  program: ChildProcess;
  /** Exit code and signal. */
  ended: Promise<unknown[]>;
}

/** A program that works until its stop signal, and has then nothing left to do. */
async function startProgram(folder: string): Promise<RunningProgram> {
  const file = path.join(folder, 'program.ts');
  await writeFile(
    file,
    `import { stopSignal } from '${import.meta.resolve('../../config/stop-signal.ts')}';
     const work = setInterval(() => undefined, 1000);
     stopSignal().addEventListener('abort', () => clearInterval(work));
     process.send?.('working');`,
  );
  const program = fork(file);
  const ended = once(program, 'exit');
  await once(program, 'message');
  return { program, ended, [Symbol.asyncDispose]: async () => void program.kill('SIGKILL') };
}

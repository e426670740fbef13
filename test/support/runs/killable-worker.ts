import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import { execa } from 'execa';
import { buildWorkflowBundle } from '../../../workers/bundle.ts';
import type { WorkerOrder, WorkerPlace } from './workflow-worker.ts';

const program = fileURLToPath(new URL('./workflow-worker.ts', import.meta.url));

export interface KillableWorker extends AsyncDisposable {
  /** Kills it at once, whatever it is doing; another one begins when it is gone. */
  kill(): Promise<void>;
}

/** Starts a worker for the workflows of a house that has none of its own. */
export async function startKillableWorker(place: WorkerPlace): Promise<KillableWorker> {
  const { code } = await buildWorkflowBundle(new DefaultLogger('ERROR'));
  const codePath = path.join(place.home, 'workflows.js');
  await writeFile(codePath, code);
  const order = JSON.stringify({ place, codePath } satisfies WorkerOrder);
  const start = () => execa(process.execPath, [program, order], { reject: false, stdout: 'ignore', stderr: 'inherit' });

  let child = start();
  async function end(): Promise<void> {
    child.kill('SIGKILL');
    const { signal, exitCode } = await child;
    if (signal !== 'SIGKILL') throw new Error(`The worker for workflows had ended by itself: ${exitCode}.`);
  }

  return {
    async kill() {
      await end();
      child = start();
    },
    [Symbol.asyncDispose]: end,
  };
}

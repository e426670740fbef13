/** Looks for secrets in another thread, within a limit of time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FoundSecret } from './secret-rules.ts';

export interface SecretScan extends AsyncDisposable {
  /** What each content holds; one question at a time. Rejects when that cannot be told in time; the scan is over then. */
  findIn(contents: readonly Buffer[]): Promise<FoundSecret[][]>;
}

/** Hundreds of times what it takes. */
const patienceMs = 60_000;

/** Starts the thread; `await using` ends it. */
export function startSecretScan(): SecretScan {
  const limits = { maxOldGenerationSizeMb: 1024 };
  const thread = new Worker(new URL('scan-thread.ts', import.meta.url), { resourceLimits: limits });
  return {
    async findIn(contents) {
      const answered = once(thread, 'message', { signal: AbortSignal.timeout(patienceMs) });
      thread.postMessage(contents);
      const [found] = (await answered) as [FoundSecret[][]];
      return found;
    },
    async [Symbol.asyncDispose]() {
      await thread.terminate();
    },
  };
}

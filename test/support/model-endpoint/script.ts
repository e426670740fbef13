/** What a scripted model does: words and tool calls, the same for every provider's API. */

export type Action = { write: { path: string; content: string } } | { run: string };

export interface Step {
  say?: string;
  do?: Action[];
  /** The model declines. */
  refuses?: true;
}

export type Script =
  /** One answer for each step; the last one again for whoever goes on asking. */
  | { steps: Step[]; pauseMs?: number }
  /** Every call fails with this HTTP status. */
  | { status: number }
  /** Every call is accepted and never answered. */
  | { hangs: true };

/** What each answer is said to have used. */
export const usagePerAnswer = { inputTokens: 1000, outputTokens: 100 };

const done: Step = { say: 'Done.' };
const run = (command: string): Step => ({ do: [{ run: command }] });

/** Scripts that many tests need; `SCRIPT:<name>` in a prompt chooses one. */
export const commonScripts: Record<string, Script> = {
  write: {
    steps: [
      { say: 'Writing the file.', do: [{ write: { path: 'hello.txt', content: 'hello from the model\n' } }] },
      run('ls'),
      { say: 'Done: hello.txt is written.' },
    ],
  },
  again: { steps: [{ do: [{ write: { path: 'again.txt', content: 'second turn\n' } }] }, { say: 'Done again.' }] },
  text: { steps: [{ say: 'Nothing to do.' }] },
  many: { steps: [...Array.from({ length: 100 }, (_, index) => run(`echo ${index}`)), done] },
  wait: { steps: [run('echo waiting; python3 -c "import time; time.sleep(301)"'), done] },
  environment: { steps: [run('env | sort; id; cat /proc/self/status'), done] },
  slow: { steps: [{ say: 'Word by word by word by word.' }], pauseMs: 200 },
  refuses: { steps: [{ say: 'I will not do that.', refuses: true }] },
  hangs: { hangs: true },
  'status-401': { status: 401 },
  'status-429': { status: 429 },
  'status-500': { status: 500 },
};

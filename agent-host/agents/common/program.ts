/** Starting an agent's program. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { linesOf } from '../../lines-of.ts';
import type { AgentTurn } from '../agent.ts';

export interface RunningProgram {
  child: ChildProcessWithoutNullStreams;
  /** Never rejects: a program that cannot be started has ended. */
  ended: Promise<{ isSuccess: boolean; words: string }>;
  /** Asks it to end, waits a little, and sees to it. */
  end(): Promise<void>;
}

/** What a program is given to write down what it must remember. */
const graceMs = 1000;

/**
 * Starts a program in the directory of the turn. What it says on standard error is logged, and its last line there is
 * among the words of its end. A stopped turn terminates it.
 */
export function startProgram(
  file: string,
  args: string[],
  { turn, env }: { turn: AgentTurn; env: Record<string, string> },
): RunningProgram {
  const child = spawn(file, args, { cwd: turn.cwd, env, stdio: 'pipe' });
  const stop = () => child.kill();
  turn.signal.addEventListener('abort', stop);

  let lastLine = '';
  const logged = (async () => {
    for await (const line of linesOf(child.stderr)) {
      if (line.trim() !== '') lastLine = line;
      await turn.log('stderr', line);
    }
  })();
  const ended = new Promise<{ isSuccess: boolean; words: string }>((resolve) => {
    child.once('error', (error) => resolve({ isSuccess: false, words: error.message }));
    child.once('close', (code, signal) => {
      const end = signal ? `${file} was ended by ${signal}` : `${file} ended with exit code ${code}`;
      const tell = () => resolve({ isSuccess: code === 0, words: lastLine === '' ? end : `${end}: ${lastLine}` });
      void logged.then(tell);
    });
  });
  void ended.then(() => turn.signal.removeEventListener('abort', stop));
  return {
    child,
    ended,
    async end() {
      child.kill();
      const impatience = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(impatience);
    },
  };
}

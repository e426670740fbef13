/** The agent host as a process of this machine, for agents that are programs of this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface AgentHostProcess extends AsyncDisposable {
  /** The exit code, once it has ended. */
  exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a host for the door in this folder. */
export function startAgentHost(door: string, work: string): AgentHostProcess {
  const program = path.join(import.meta.dirname, '../../../agent-host/main.ts');
  const child = spawn(process.execPath, [program, '--door', door, '--work', work, '--port', '0'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    exited,
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

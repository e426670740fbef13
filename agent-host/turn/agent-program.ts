/** The process of an agent, from the outside. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { endProcesses } from './processes.ts';

export interface AgentProgram extends AsyncDisposable {
  child: ChildProcess;
  /** Resolves when it has ended: how. */
  ended: Promise<string>;
}

/** Starts it in a process group of its own, where it loads the agent and waits for its turn. It is ended when it is disposed of. */
export function startAgentProgram(agent: string): AgentProgram {
  const program = path.join(import.meta.dirname, 'agent-process.ts');
  const child = spawn(process.execPath, [program, agent], { detached: true, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  // One that dies early is heard of by its end.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
  });
  return {
    ...{ child, ended },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await endProcesses(child.pid);
    },
  };
}

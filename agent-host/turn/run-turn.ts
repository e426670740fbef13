/** Telling an agent what to do, listening to it, and ending it with everything that it started. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentOutcome } from '../agents/agent.ts';
import { ending } from '../agents/common/outcomes.ts';
import { linesOf } from '../lines-of.ts';
import type { AgentProgram } from './agent-program.ts';
import { linesFd } from './lines.ts';
import type { TurnLine, TurnRequest } from './lines.ts';
import { endProcesses, signalGroup } from './processes.ts';

/** What hears the lines of a turn; the next line waits until it has been taken. */
export interface TurnListener {
  message(message: unknown): Promise<void>;
  log(stream: 'stdout' | 'stderr', text: string): Promise<void>;
  session(id: string): Promise<void>;
  /** The agent stands still until this resolves. */
  settled(): Promise<void>;
  /** Whether `settled` wants to do anything now. */
  wantsSettled(): boolean;
}

/** What an agent is given to end by itself once it was told to. */
const graceMs = 1500;

/**
 * Has the program work on one turn, and returns the outcome. A stopped turn is over within two seconds, and no process of it is
 * left. Never rejects for what the agent does.
 */
export async function runTurn(
  { child, ended }: AgentProgram,
  request: TurnRequest,
  listener: TurnListener,
  stop: AbortSignal,
): Promise<AgentOutcome> {
  child.stdin?.end(JSON.stringify(request));
  const cleared = async (end: string) => {
    await endProcesses(child.pid);
    return end;
  };
  const onStop = () => void endAfterGrace(child, ended);
  stop.addEventListener('abort', onStop);
  if (stop.aborted) onStop();
  try {
    // The pipes may be held open by what the agent left behind.
    const [outcome, end] = await Promise.all([hearOut(child, listener), ended.then(cleared)]);
    return outcome ?? ending('failed', `the agent ended without an outcome: ${end}`);
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}

async function hearOut(child: ChildProcess, listener: TurnListener): Promise<AgentOutcome | undefined> {
  const printed = (['stdout', 'stderr'] as const).map(async (stream) => {
    for await (const text of linesOf(child[stream]!)) await listener.log(stream, text);
  });
  let outcome: AgentOutcome | undefined;
  for await (const text of linesOf(child.stdio[linesFd] as Readable)) {
    const line = parsed(text);
    if (line?.kind === 'outcome') ({ outcome } = line);
    else if (line) await hear(line, child, listener);
  }
  await Promise.all(printed);
  return outcome;
}

/** A process that is killed leaves half a line behind. */
function parsed(text: string): TurnLine | undefined {
  try {
    return JSON.parse(text) as TurnLine;
  } catch {
    return undefined;
  }
}

async function hear(line: Exclude<TurnLine, { kind: 'outcome' }>, child: ChildProcess, listener: TurnListener) {
  switch (line.kind) {
    case 'message':
      return listener.message(line.message);
    case 'log':
      return listener.log(line.stream, line.text);
    case 'session':
      return listener.session(line.id);
    case 'settled':
      return listener.wantsSettled() ? standingStill(child, () => listener.settled()) : undefined;
  }
}

async function standingStill(child: ChildProcess, work: () => Promise<void>): Promise<void> {
  signalGroup(child.pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    signalGroup(child.pid, 'SIGCONT');
  }
}

async function endAfterGrace(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const patience = new AbortController();
  await Promise.race([ended, sleep(graceMs, undefined, { signal: patience.signal })]);
  patience.abort();
  signalGroup(child.pid, 'SIGKILL');
}

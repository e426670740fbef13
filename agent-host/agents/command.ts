/** Any program that works in a directory. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { linesOf } from '../lines-of.ts';
import type { Agent, AgentOutcome, AgentTurn } from './agent.ts';
import { agentEnvironment, modelEnvironment } from './common/environment.ts';
import { ending } from './common/outcomes.ts';
import { startProgram } from './common/program.ts';
import type { RunningProgram } from './common/program.ts';
import { saveImages, textOf } from './common/prompt.ts';
import { anyFile } from './common/session-files.ts';

/**
 * The program that the request names: it gets the prompt on its standard input and in the file `PAWL_PROMPT_FILE`, each
 * line that it prints is a message, and exit code 0 is success. What it keeps in `PAWL_SESSION_DIR` is there again in the
 * next turn of the session.
 */
export const command: Agent = {
  id: 'command',
  names: ['command'],
  model: null,
  bounds: [],
  package: null,
  sessionFiles: ['command/**'],
  hasSession: (home) => anyFile(home, 'command'),
  run,
};

async function run(turn: AgentTurn): Promise<AgentOutcome> {
  const providerSessionId = turn.resume ?? randomUUID();
  const [file, ...args] = turn.options.command ?? [];
  if (file === undefined) return ending('failed', 'the request names no program in options.command');
  await turn.remember(providerSessionId);
  const program = startProgram(file, args, { turn, env: await environment(turn, providerSessionId) });
  // A program that does not read its input is none the worse for it.
  program.child.stdin.on('error', () => undefined).end(textOf(turn.prompt));
  const text = await tellLines(program, turn);
  return { ...(await outcomeOf(program, turn)), providerSessionId, text };
}

async function tellLines({ child }: RunningProgram, turn: AgentTurn): Promise<string | null> {
  let last: string | null = null;
  for await (const line of linesOf(child.stdout)) {
    if (line.trim() !== '') last = line;
    await turn.emit(messageOf(line));
    await turn.settled();
  }
  return last;
}

/** A line that is a JSON object is a message as it stands. */
function messageOf(line: string): unknown {
  if (line.startsWith('{')) {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      // A line like any other.
    }
  }
  return { type: 'text', text: line };
}

async function outcomeOf(program: RunningProgram, { signal }: AgentTurn): Promise<AgentOutcome> {
  const end = await program.ended;
  if (signal.aborted) return ending('aborted', 'stopped');
  return end.isSuccess ? ending('completed', null) : ending('failed', end.words);
}

async function environment(turn: AgentTurn, id: string): Promise<Record<string, string>> {
  const sessionDir = path.join(turn.home, 'command');
  await mkdir(sessionDir, { recursive: true });
  const images = await saveImages(turn.prompt, turn.home);
  const promptFile = path.join(turn.home, 'prompt', 'prompt.txt');
  await writeFile(promptFile, textOf(turn.prompt));
  return {
    ...(await agentEnvironment(turn)),
    ...modelEnvironment(turn.gateway),
    PAWL_PROMPT_FILE: promptFile,
    PAWL_PROMPT_IMAGES: images.join('\n'),
    PAWL_SESSION_DIR: sessionDir,
    PAWL_SESSION_ID: id,
  };
}

/**
 * The process in which an agent works: a leader of a group of its own, so that all that it starts can be stopped with it,
 * and so that whatever it does to itself, the host lives to tell. It loads its agent, named by the only argument, while the host still
 * prepares what it is to work on.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { json } from 'node:stream/consumers';
import type { AgentTurn } from '../agents/agent.ts';
import { agents } from '../agents/index.ts';
import { failure } from '../agents/common/outcomes.ts';
import { withinLevels } from '../nesting.ts';
import { linesFd } from './lines.ts';
import type { TurnLine, TurnRequest } from './lines.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

// Without a host there is nobody to work for.
const lines = createWriteStream('', { fd: linesFd }).on('error', () => process.exit(1));

let room: Promise<unknown> | undefined;

const name = process.argv[2];
const agent = agents.find(({ id }) => id === name);
if (!agent) throw new Error(`There is no agent ${name}.`);
// What cannot be loaded fails in `run`, which tells why.
const loaded = agent.load?.().catch(() => undefined);
const request = (await json(process.stdin)) as TurnRequest;
process.chdir(request.cwd);
await loaded;

const turn: AgentTurn = {
  ...request,
  emit: (message) => tell({ kind: 'message', message: withinLevels(message) }),
  log: (stream, text) => tell({ kind: 'log', stream, text }),
  remember: (id) => tell({ kind: 'session', id }),
  settled: () => tell({ kind: 'settled' }),
  signal: stop.signal,
};
const outcome = await agent.run(turn).catch((error: unknown) => failure(turn, error));
lines.end(`${JSON.stringify({ kind: 'outcome', outcome } satisfies TurnLine)}\n`, () => process.exit(0));

/** Resolves when there is room for the next line. Nothing is heard after the outcome. */
async function tell(line: TurnLine): Promise<void> {
  if (lines.writableEnded || lines.write(`${JSON.stringify(line)}\n`)) return;
  // One wait for all: an agent may tell much without waiting.
  room ??= once(lines, 'drain').finally(() => (room = undefined));
  await room;
}

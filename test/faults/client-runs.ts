/** Runs of an agent that says how far it is, and the one who asked for them: follows each, and takes up again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../../store/store.ts';
import { lastRunEventTypes } from '../../workflows/contract/run-events.ts';
import { insist } from '../support/client.ts';
import type { Answer, Request } from '../support/api.ts';
import { readEvents } from '../support/event-reader.ts';
import { holdPushes } from './gated-push.ts';
import { hold } from './gates.ts';
import type { RunStack } from './run-stack.ts';

export interface AskedRun {
  id: string;
  request: Request;
  answer: Answer;
  /** How many messages its agent has to say. */
  messages: number;
  /** The repository of this run alone, on the server's disk. */
  repository: string;
  /** What a client has seen who takes up again behind the last event whenever the stream breaks off. */
  followed: Promise<StoredEvent[]>;
}

const pauseMs = 100;
let asked = 0;

/** Says in which life of its container it is, and counts; what it writes last becomes the commit. */
function counting(messages: number): string[] {
  const script = [
    'lives="$PAWL_SESSION_DIR/lives"',
    'life=$(( $(cat "$lives" 2>/dev/null || echo 0) + 1 )); echo $life > "$lives"',
    `i=0; while [ $i -lt ${messages} ]; do i=$((i+1)); echo "life $life line $i"; sleep 0.03; done`,
    'echo done > work.txt',
  ];
  return ['sh', '-c', script.join('\n')];
}

/** Asks for a run with a repository of its own, which is held at this point; `''` holds it nowhere. */
export async function askForRun(
  stack: RunStack,
  { point, messages }: { point: string; messages: number },
): Promise<AskedRun> {
  const number = (asked += 1);
  const name = `team/asked-${number}.git`;
  const address = await stack.git.addRepository(name, { 'README.md': '# hello\n' });
  const repository = { url: `http://127.0.0.1:${stack.git.port}${address}`, credential: 'github' };
  const body = {
    ...{ prompt: 'Count', agent: 'command', options: { command: counting(messages) }, repository },
    publish: 'pull_request',
    callback: { url: stack.receiver.url },
  };
  const request = { body, headers: { 'Idempotency-Key': `a-run-${number}` } };
  const answer = await insist(stack, 'POST', '/runs', request);
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.text}`);
  const id = String(answer.body['id']);
  const folder = stack.git.folderOf(name);
  await holdPushes(folder, stack.gates, id);
  // As `/execute` leaves what came with the request. The run waits for the first word about it.
  await stack.store.credentials.put(`${id}.git`, { kind: 'git_token', username: 'somebody', token: 'its-own-token' });
  hold(stack.gates, id, point);
  const followed = follow(stack.url, id, stack.closing);
  // Looked at when the run has ended, if that comes.
  followed.catch(() => undefined);
  return { id, request, answer, messages, repository: folder, followed };
}

async function follow(url: string, runId: string, giveUp: AbortSignal): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = [];
  for (;;) {
    try {
      const last = String(seen.at(-1)?.seq ?? 0);
      const reader = await readEvents(`${url}/runs/${runId}/events`, { headers: { 'Last-Event-ID': last } });
      const hangUp = () => reader.hangUp();
      giveUp.addEventListener('abort', hangUp, { once: true });
      await reader.ended;
      giveUp.removeEventListener('abort', hangUp);
      if (reader.status === 200) seen.push(...(reader.events as unknown as StoredEvent[]));
      if (lastRunEventTypes.includes(seen.at(-1)?.type ?? '')) return seen;
    } catch {
      // The API is away for a moment.
    }
    await sleep(pauseMs, undefined, { signal: giveUp });
  }
}

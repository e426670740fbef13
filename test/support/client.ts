/** A client that never gives up: what it asked for once, it asks for again until it has an answer, as good clients do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../engine/until.ts';
import type { StoredEvent } from '../../store/store.ts';
import type { Answer, Request } from './api.ts';

/** An installation, as far as its owner reaches it. */
export interface Owned {
  /** Calls the owner's listener once; rejects while nobody listens. */
  call(method: string, address: string, request?: Request): Promise<Answer>;
}

export interface Workspace {
  id: string;
  /** The request that made it, to be repeated, and the answer it got. */
  request: Request;
  answer: Answer;
}

const pollMs = 100;
const patienceMs = 120_000;
let requests = 0;

/** Repeats the call until there is an answer that is not the server's own trouble. */
export async function insist(owned: Owned, method: string, address: string, request: Request = {}): Promise<Answer> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await owned.call(method, address, request).catch(() => undefined);
    if (answer && answer.status < 500) return answer;
    if (performance.now() > deadline) throw new Error(`no answer to ${method} ${address}: ${answer?.text}`);
    await sleep(pollMs);
  }
}

/** Asks for a workspace under a key of its own. */
export async function createWorkspace(
  owned: Owned,
  body: object = { repoUrl: 'https://git.test/hello.git' },
): Promise<Workspace> {
  const headers = { 'Idempotency-Key': `a-creation-${(requests += 1)}` };
  const request = { body, headers };
  const answer = await insist(owned, 'POST', '/vms', request);
  if (answer.status !== 201) throw new Error(`not created: ${answer.text}`);
  return { id: String(answer.body['id']), request, answer };
}

/** Asks once, however often it has to be said, to keep the workspace. */
export async function extendWorkspace(owned: Owned, { id }: Workspace): Promise<void> {
  const headers = { 'Idempotency-Key': `an-extension-${(requests += 1)}` };
  const { status, text } = await insist(owned, 'POST', `/vms/${id}/extend`, { body: { minutes: 60 }, headers });
  if (status !== 200) throw new Error(`not extended: ${text}`);
}

/** Asks for the workspace's end; that it has ended already is fine, too. */
export async function stopWorkspace(owned: Owned, { id }: Workspace): Promise<void> {
  const { status, text } = await insist(owned, 'DELETE', `/vms/${id}`);
  if (status !== 200 && status !== 409) throw new Error(`not stopped: ${text}`);
}

/** Resolves once the workspace itself says that it has this status. */
export async function untilStatus(
  owned: Owned,
  { id }: Workspace,
  status: string,
  deadlineMs = patienceMs,
): Promise<void> {
  const isSo = async (): Promise<boolean> => {
    const answer = await owned.call('GET', `/vms/${id}`).catch(() => undefined);
    return answer?.body['status'] === status;
  };
  await until(`${id} is ${status}`, isSo, { pollMs, deadlineMs });
}

/** The workspace's events so far. */
export async function eventsOf(owned: Owned, { id }: Workspace): Promise<StoredEvent[]> {
  const headers = { Accept: 'application/json' };
  const { body } = await insist(owned, 'GET', `/vms/${id}/events?limit=1000`, { headers });
  return body['events'] as StoredEvent[];
}

/** What the list says of the workspace: every entry with its id. */
export async function listed(owned: Owned, { id }: Workspace): Promise<string[]> {
  const { body } = await insist(owned, 'GET', '/vms?limit=200');
  const workspaces = body['workspaces'] as { id: string; status: string }[];
  return workspaces.flatMap((workspace) => (workspace.id === id ? [workspace.status] : []));
}

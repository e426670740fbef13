/** What machines and owners send. */
import { Agent, request, type RequestOptions } from 'node:http';
import type { HeartbeatReport } from '../../workflows/contract/workspace.schema.ts';
import type { LoadOrder } from './load-order.ts';
import type { LoadMachine } from './machine.ts';

interface LoadRequest {
  url: string;
  options: RequestOptions;
  body?: string;
}

const timeoutMs = 10_000;
/** The owner's page keeps its connections; a machine's timer opens a new one for every beat. */
const ownersAgent = new Agent({ keepAlive: true });

/**
 * A little more than a busy machine's beats are held back for. Every machine falls quiet once in so long, at a moment of its own;
 * so beats become signals evenly, and as often as they do in a fleet that is at work all day.
 */
const cycleMs = 8 * 60_000;

/** The beat of this turn; `elapsedMs` since the load began. */
export function beatRequest(order: LoadOrder, turn: number, elapsedMs: number): LoadRequest {
  const index = turn % order.machines.length;
  const { id, token } = machineAt(order, index);
  const idleMs = ((index / order.machines.length) * cycleMs + elapsedMs) % cycleMs;
  const beat: HeartbeatReport = { seq: Date.now(), idleSeconds: idleMs / 1000, keptAliveBy: [] };
  return {
    url: `${order.machineUrl}/vms/${id}/heartbeat`,
    options: { method: 'POST', agent: false, headers: { ...bearer(token), 'Content-Type': 'application/json' } },
    body: JSON.stringify(beat),
  };
}

/** An owner's look at one of the workspaces. */
export function readRequest(order: LoadOrder): LoadRequest {
  const { id } = machineAt(order, Math.floor(Math.random() * order.machines.length));
  return { url: `${order.url}/vms/${id}`, options: { agent: ownersAgent, headers: bearer(order.ownerToken) } };
}

function machineAt({ machines }: LoadOrder, index: number): LoadMachine {
  const machine = machines[index];
  if (!machine) throw new RangeError(`there are only ${machines.length} machines`);
  return machine;
}

function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** Milliseconds until the whole answer is there; rejects unless it is a success. */
export function requestMs({ url, options, body }: LoadRequest): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, timeout: timeoutMs }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedAt);
        else reject(new Error(`answered ${response.statusCode}`));
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

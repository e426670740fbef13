/** Signal `web`: people at the page. */
import { connectionsOf, isLoopback } from './connections.ts';
import type { Connection } from './connections.ts';

/** What browsers' connections had received at one look. */
export interface WebSample {
  takenMs: number;
  connections: Record<string, Pick<Connection, 'receivedBytes' | 'receivedSecondsAgo'>>;
}

/**
 * An open but unused page still answers the terminal's pings: 28 bytes each half minute. A click is a request of
 * several hundred; a key is seen at its terminal.
 */
const quietBytes = 256;
const quietIntervalMs = 30_000;

/** The connections to the proxy from outside. */
export async function sampleWeb(nowMs: number): Promise<WebSample> {
  const web = (await connectionsOf()).filter(({ localPort, peer }) => localPort === '443' && !isLoopback(peer));
  return { takenMs: nowMs, connections: Object.fromEntries(web.map((connection) => [connection.id, connection])) };
}

/**
 * Seconds since a browser last sent more than an unused page does; `Infinity` when none did between the two samples. A
 * connection that is new was made by somebody.
 */
export function webQuietSeconds(before: WebSample | null, after: WebSample): number {
  const intervals = before === null ? 1 : Math.max(1, (after.takenMs - before.takenMs) / quietIntervalMs);
  const used = Object.entries(after.connections).filter(([id, { receivedBytes }]) => {
    const known = before?.connections[id]?.receivedBytes;
    return known === undefined || receivedBytes - known >= quietBytes * intervals;
  });
  return Math.min(Infinity, ...used.map(([, { receivedSecondsAgo }]) => receivedSecondsAgo));
}

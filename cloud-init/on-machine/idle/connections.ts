/** Signal `agent`, and connections in general: over which of them something still comes. */
import { run } from '../run.ts';
import { agentProcesses, networkNamespaces } from './processes.ts';

export interface Connection {
  /** The same for as long as the connection lives. */
  id: string;
  localPort: string;
  peer: string;
  pids: number[];
  receivedBytes: number;
  /** Seconds since data last came, or went. */
  receivedSecondsAgo: number;
  sentSecondsAgo: number;
}

/**
 * Seconds since an agent last talked to the outside, on the machine or in a container on it. An agent that waits for a
 * model's answer uses no CPU: its open request is the only sign.
 */
export async function agentQuietSeconds(terminalPid: number): Promise<number> {
  const agents = agentProcesses(terminalPid);
  // A process may end while it is looked at; the others still count.
  const perNamespace = await Promise.all(networkNamespaces(agents).map((pid) => connectionsOf(pid).catch(() => [])));
  const theirs = perNamespace
    .flat()
    .filter(({ peer, pids }) => !isLoopback(peer) && pids.some((pid) => agents.includes(pid)));
  return Math.min(Infinity, ...theirs.flatMap((one) => [one.receivedSecondsAgo, one.sentSecondsAgo]));
}

/** Established TCP connections in the network namespace of `pid` (default: the machine's own). */
export async function connectionsOf(pid?: number): Promise<Connection[]> {
  const args = ['-HtniOp', 'state', 'established'];
  const output =
    pid === undefined ? await run('ss', args) : await run('nsenter', ['-t', String(pid), '-n', 'ss', ...args]);
  return parseConnections(output);
}

/** Reads what `ss -HtniOp state established` prints: one connection a line. A time that is zero is not printed. */
export function parseConnections(output: string): Connection[] {
  return output
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, , local, peer, ...details]) => {
      if (local === undefined || peer === undefined) return [];
      const rest = details.join(' ');
      return {
        id: `${local} ${peer}`,
        localPort: local.slice(local.lastIndexOf(':') + 1),
        peer: peer.slice(0, peer.lastIndexOf(':')),
        pids: [...rest.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)),
        receivedBytes: Number(/ bytes_received:(\d+)/.exec(rest)?.[1] ?? 0),
        receivedSecondsAgo: Number(/ lastrcv:(\d+)/.exec(rest)?.[1] ?? 0) / 1000,
        sentSecondsAgo: Number(/ lastsnd:(\d+)/.exec(rest)?.[1] ?? 0) / 1000,
      };
    });
}

/** Whether the other side is this machine itself. */
export function isLoopback(address: string): boolean {
  return /^(127\.|\[?::1\]?$|\[?::ffff:127\.)/.test(address);
}

/** A connection of an agent to an allowed host. */
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getExtensionData, readTlsClientHello } from 'read-tls-client-hello';
import { normalizeHost } from './allow-list.ts';
import { EgressRefusal } from './destination.ts';

const connectMs = 15_000;
const helloMs = 15_000;
const silenceMs = 10 * 60_000;

export interface TunnelLimits {
  maxBytes: number;
  maxMs: number;
}

/** Connects to one of these addresses and no other. Rejects with `EgressRefusal`. */
export async function connectTo(addresses: LookupAddress[], host: string, port: number): Promise<Socket> {
  const socket = connect({
    // Either side may end while the other one still speaks.
    ...{ host, port, autoSelectFamily: true, allowHalfOpen: true },
    lookup: (_host, _options, callback) => callback(null, addresses),
  });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) });
    return socket;
  } catch {
    socket.destroy();
    throw new EgressRefusal('unreachable', `${host} cannot be reached.`);
  }
}

/**
 * Rejects with `EgressRefusal` unless the client begins with TLS for exactly this host: many hosts share the addresses of a
 * delivery network, and whoever asks for another of them would leave the list. An Encrypted Client Hello (RFC 9849) is refused,
 * since the name that counts is the hidden one. What was read is put back.
 */
export async function checkServerName(client: Duplex, host: string): Promise<void> {
  const timer = setTimeout(() => client.destroy(), helloMs);
  try {
    // The library waits for ever for one that is closed already.
    if (client.destroyed) throw new Error('closed');
    const hello = await readTlsClientHello(client);
    const serverName = getExtensionData(hello, 'server_name')?.serverName ?? '';
    const isHidden = getExtensionData(hello, 'encrypted_client_hello') !== undefined;
    if (normalizeHost(serverName) === host && !isHidden) return;
  } catch {
    // No TLS at all.
  } finally {
    clearTimeout(timer);
  }
  throw new EgressRefusal('other name', `The connection is not TLS for ${host}.`);
}

/** Carries bytes both ways until both sides have ended, or a limit is reached. Never rejects; returns how many it carried. */
export async function carry(client: Duplex, server: Socket, { maxBytes, maxMs }: TunnelLimits): Promise<number> {
  let bytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new EgressRefusal('limit', 'The connection has carried all it may.');
      yield chunk;
    }
  }
  const signal = AbortSignal.timeout(maxMs);
  server.setTimeout(silenceMs, () => server.destroy());
  const ways = [pipeline(client, counted, server, { signal }), pipeline(server, counted, client, { signal })];
  try {
    await Promise.all(ways);
  } catch {
    // Whichever side broke off, the other one has to know.
  } finally {
    client.destroy();
    server.destroy();
    await Promise.allSettled(ways);
  }
  return bytes;
}

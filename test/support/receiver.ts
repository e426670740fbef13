/** Somebody who receives callbacks, on loopback. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Receiver extends AsyncDisposable {
  url: string;
  port: number;
  /** Everything that came, in order. */
  received: Received[];
  /** How it answers from now on: with this status, or as the function does. */
  answer: number | ((request: IncomingMessage, response: ServerResponse) => void);
}

/** Starts one that answers with 204. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const receiver: Receiver = {
    ...{ url: `http://127.0.0.1:${port}/hooks`, port, received, answer: 204 },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    received.push({ method, path, headers: headers as Record<string, string>, body: await text(request) });
    if (typeof receiver.answer === 'number') response.writeHead(receiver.answer).end();
    else receiver.answer(request, response);
  }
  return receiver;
}

/** A model endpoint on loopback that answers as the test says, and remembers what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ModelUpstream extends AsyncDisposable {
  url: string;
  requests: UpstreamRequest[];
  /** Answers every request from now on. */
  answer(how: Answer): void;
}

export interface UpstreamRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Aborted when the caller goes away before the answer's end. */
  gone: AbortSignal;
}

export type Answer = (request: UpstreamRequest, response: ServerResponse) => unknown;

/** Starts it; until told otherwise it answers `{}`. */
export async function startModelUpstream(): Promise<ModelUpstream> {
  const requests: UpstreamRequest[] = [];
  let answer: Answer = (_, response) => sendJson(response, 200, {});
  const server = createServer((incoming, response) => {
    const gone = new AbortController();
    response.once('close', () => response.writableFinished || gone.abort());
    const { method = '', url = '', headers } = incoming;
    const read = buffer(incoming).catch(() => Buffer.alloc(0));
    void read.then(async (body) => {
      const request = { method, url, headers, body: body.toString(), gone: gone.signal };
      requests.push(request);
      await answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (how) => void (answer = how),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** An answer in one piece. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The beginning of a stream. */
export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** One message of a stream, as Anthropic and OpenAI send it. */
export function sse(data: { type?: string }): string {
  return `${data.type === undefined ? '' : `event: ${data.type}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** A whole stream of Anthropic's Messages API that uses this much. */
export function anthropicStream(
  options: { text?: string; input?: number; output?: number; model?: string } = {},
): string {
  const { text = 'hello', input = 1000, output = 100, model = 'claude-opus-5' } = options;
  const usage = { input_tokens: input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  return [
    { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: output } },
    { type: 'message_stop' },
  ]
    .map(sse)
    .join('');
}

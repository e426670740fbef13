/** Short answers. */
import type { ServerResponse } from 'node:http';

/** An error of the gateway's own routes: a code for programs, a sentence for people. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Answers with JSON; does nothing when an answer has begun, or nobody waits for it. */
export function answerJson(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers }).end(text);
}

/** Answers with a refusal. The connection ends, since the request's body may not have been read. */
export function answerRefusal(response: ServerResponse, { status, code, message }: Refusal): void {
  answerJson(response, status, { error: code, message }, { connection: 'close' });
}

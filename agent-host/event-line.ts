/** An event as a line of the spool. */
import type { NumberedEvent } from './events.ts';

/** A message beyond it is told by its first part. */
const largestEventBytes = 4 * 1024 * 1024;
const startChars = 64 * 1024;

/** One line of JSON with its end, of bounded length and without the secret. */
export function eventLine({ seq, type, data }: NumberedEvent, secret: string): string {
  const json = withoutSecret(JSON.stringify(data), secret);
  const bytes = Buffer.byteLength(json);
  const told =
    bytes <= largestEventBytes ? json : JSON.stringify({ omittedBytes: bytes, start: json.slice(0, startChars) });
  return `{"seq":${seq},"type":${JSON.stringify(type)},"data":${told}}\n`;
}

/** An agent that prints its environment prints the token of the run. It opens nothing from outside, but is nobody's business. */
function withoutSecret(json: string, secret: string): string {
  return json.replaceAll(secret, '[run token]');
}

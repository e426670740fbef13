/** A thread that looks for secrets in what it is sent, so that a text on which a rule takes for ever holds up nobody. */
import { parentPort } from 'node:worker_threads';
import { findSecrets } from './secret-rules.ts';

parentPort?.on('message', (contents: Uint8Array[]) => void answer(contents));

async function answer(contents: Uint8Array[]): Promise<void> {
  parentPort?.postMessage(await Promise.all(contents.map((content) => findSecrets(asText(content)))));
}

/** One character for each byte: credentials are ASCII, and what is no text at all can be searched as well. */
function asText(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}

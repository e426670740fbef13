/** A thread that looks for secrets in what it is sent, so that a text on which a rule takes for ever holds up nobody. */
import { parentPort } from 'node:worker_threads';
import { findSecrets } from './secret-rules.ts';

parentPort?.on('message', (content: Uint8Array) => void answer(content));

/** One character for each byte: credentials are ASCII, and what is no text at all can be searched as well. */
async function answer(content: Uint8Array): Promise<void> {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  parentPort?.postMessage(await findSecrets(text));
}

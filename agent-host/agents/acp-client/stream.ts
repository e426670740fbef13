/** The line to a program that speaks the Agent Client Protocol. */
import { Readable, Writable } from 'node:stream';
import { TransformStream } from 'node:stream/web';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import type { Message, MessageStream } from '@agentclientprotocol/sdk';
import type { RunningProgram } from '../common/program.ts';

/**
 * The program's messages, as the protocol's library takes them, but for updates of the session. These go to `onUpdate`: the
 * library drops those of a kind that it does not know.
 */
export async function openStream(
  { child }: RunningProgram,
  onUpdate: (params: unknown) => void,
): Promise<MessageStream> {
  const { ndJsonStream } = await import('@agentclientprotocol/sdk');
  child.stdin.on('error', () => undefined);
  const { readable, writable } = ndJsonStream(
    Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
  );
  const others = new TransformStream<Message, Message>({
    transform(message, rest) {
      if (message.method === 'session/update') onUpdate(message.params);
      else rest.enqueue(message);
    },
  });
  return { readable: readable.pipeThrough(others), writable };
}

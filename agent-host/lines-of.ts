/** Text that arrives in pieces, line by line. */
import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of a stream, without their ends; the last one also when it has none. Only a line feed ends a line: Node's
 * `readline` takes separators for ends that stand unescaped in JSON. While a line is used, the stream waits.
 */
export async function* linesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

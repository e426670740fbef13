/** The subscribers, all in a process of their own: real connections, on which they count events and look no closer. */
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { sendMessage } from 'execa';
import { ReadersOrder, type ReadersWord } from './readers-order.ts';

/** An event begins with its id, on a line of its own; its data has no line ends. */
const beginning = Buffer.from('\nid: ');

const order = ReadersOrder.parse(JSON.parse(await text(process.stdin)));
const say = (word: ReadersWord): Promise<void> => sendMessage(word);

const streams = await Promise.all(Array.from({ length: order.subscribers }, connect));
await say('connected');
await Promise.all(streams.map(readEverything));
await say('done');

/** Resolves with the answer once its head is there. */
function connect(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${order.token}`, Accept: 'text/event-stream' };
    const outgoing = request(order.url, { agent: false, headers }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`answered ${response.statusCode}`));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

async function readEverything(response: IncomingMessage): Promise<void> {
  let seen = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    for (let at = bytes.indexOf(beginning); at >= 0; at = bytes.indexOf(beginning, at + 1)) seen += 1;
    rest = bytes.subarray(-(beginning.length - 1));
  }
  if (seen !== order.events) throw new Error(`a subscriber saw ${seen} of ${order.events} events`);
}

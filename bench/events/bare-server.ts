/** The least that does the same: one process that appends to a table, and writes what it has appended to every socket. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { getOneMessage, sendMessage } from 'execa';
import { eventStreamHeaders, storedFrame } from '../../api/sse.ts';
import type { NewEvent, StoredEvent } from '../../store/store.ts';
import { BareOrder, type Listening } from './bare-order.ts';
import { batchesOf } from './stream.ts';
import type { z } from 'zod';

const order = BareOrder.parse(JSON.parse(await text(process.stdin)));
const database = new DatabaseSync(order.file);
database.exec('pragma journal_mode = wal; pragma synchronous = full');
database.exec('create table events (seq integer primary key, key text, type text, data text, at text)');
const insert = database.prepare('insert into events values (?, ?, ?, ?, ?)');

const subscribers: ServerResponse[] = [];
const server = createServer((_request, response) => {
  response.writeHead(200, eventStreamHeaders).write(': open\n\n');
  subscribers.push(response);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
await Promise.all([getOneMessage(), sendMessage({ port } satisfies z.infer<typeof Listening>)]);

let lastSeq = 0;
await tell([{ key: 'first', type: 'run.accepted', data: {} }]);
for (const batch of batchesOf(order.events)) await tell(batch);
await tell([{ key: 'last', type: 'run.completed', data: {} }]);
await Promise.all(subscribers.map((response) => new Promise<void>((resolve) => void response.end(resolve))));
await sendMessage('done');
server.close();
database.close();

/** On disk first, then to everybody; whoever is slow holds up all. */
async function tell(events: NewEvent[]): Promise<void> {
  const frames = append(events).map(storedFrame).join('');
  const slow = subscribers.filter((response) => !response.write(frames));
  await Promise.all(slow.map((response) => once(response, 'drain')));
}

function append(events: NewEvent[]): StoredEvent[] {
  const at = new Date().toISOString();
  const stored = events.map(({ key, type, data }) => ({ key, stored: { seq: ++lastSeq, type, data, at } }));
  database.exec('begin immediate');
  for (const { key, stored: event } of stored) {
    insert.run(event.seq, key, event.type, JSON.stringify(event.data), at);
  }
  database.exec('commit');
  return stored.map((one) => one.stored);
}

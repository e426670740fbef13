/** What Temporal keeps of all workflows: as it has it, and as whoever holds the key reads it. */
import { Client, Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { createPayloadCodec } from '../../codec/payload-codec.ts';
import { createKeyring } from '../../store/keyring.ts';
import type { Contents } from './search.ts';

const { History } = proto.temporal.api.history.v1;

export interface Histories {
  raw: Contents;
  decoded: Contents;
}

/** The histories of every execution there is, by workflow. */
export async function readHistories(address: string, key: string): Promise<Histories> {
  const connection = await Connection.connect({ address });
  const codec = createPayloadCodec(createKeyring([key]));
  // Its list wants to read memos; what is read one by one below is as Temporal has it.
  const { workflow } = new Client({ connection, dataConverter: { payloadCodecs: [codec] } });
  const histories: Histories = { raw: new Map(), decoded: new Map() };
  for await (const { workflowId, runId } of workflow.list()) {
    const name = `${workflowId} ${runId}`;
    const handle = workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    const { raw: description } = await handle.describe();
    const payloads = await codec.decode([...payloadsIn(history), ...payloadsIn(description)]);
    const about = Buffer.from(JSON.stringify(description));
    histories.raw.set(name, Buffer.concat([History.encode(history).finish(), about]));
    histories.decoded.set(name, Buffer.concat(payloads.map(({ data }) => Buffer.from(data ?? []))));
  }
  await connection.close();
  return histories;
}

/** Wherever they are in it. */
function* payloadsIn(message: unknown): Generator<Payload> {
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return;
  if ('metadata' in message && 'data' in message) yield message as Payload;
  else for (const part of Object.values(message)) yield* payloadsIn(part);
}

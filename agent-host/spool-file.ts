/** Reading a spool that an earlier host wrote. */
import type { FileHandle } from 'node:fs/promises';
import type { NumberedEvent } from './events.ts';

export interface Spooled {
  lastSeq: number;
  /** Length of the whole events; what follows was being written when the host died. */
  bytes: number;
  /** Whether an agent was started, and whether its end was told. */
  isStarted: boolean;
  isEnded: boolean;
}

/** What the file holds, up to the first line that is not whole. */
export async function readSpooled(file: FileHandle): Promise<Spooled> {
  const spooled: Spooled = { lastSeq: 0, bytes: 0, isStarted: false, isEnded: false };
  for await (const line of wholeLines(file, 0)) {
    const event = parseEvent(line);
    if (!event) break;
    spooled.lastSeq = event.seq;
    spooled.bytes += line.length + 1;
    spooled.isStarted ||= event.type === 'agent.started';
    spooled.isEnded ||= event.type === 'agent.ended';
  }
  return spooled;
}

/** The lines from a position on, without their ends; a last one without an end is left out. */
export async function* wholeLines(file: FileHandle, position: number, end = Infinity): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(256 * 1024);
  for (let at = position; at < end;) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, end - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let stop = rest.indexOf(10); stop >= 0; stop = rest.indexOf(10, start)) {
      yield rest.subarray(start, stop);
      start = stop + 1;
    }
    rest = rest.subarray(start);
  }
}

/** The event of a line, or `undefined` for one that a power cut left full of nothing. */
export function parseEvent(line: Buffer): NumberedEvent | undefined {
  try {
    return JSON.parse(line.toString()) as NumberedEvent;
  } catch {
    return undefined;
  }
}

/** Events on their way out, on disk until they are delivered. */
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './durable.ts';
import type { AgentEvents, AgentEventType } from './events.ts';
import { eventLine } from './event-line.ts';
import { readSpooled } from './spool-file.ts';
import type { Spooled } from './spool-file.ts';
import { createAppender } from './spool-appender.ts';

export interface Spool extends AsyncDisposable {
  readonly file: FileHandle;
  /** The events that an earlier host left behind. */
  readonly found: Spooled;
  /** The seq of the last event. */
  lastSeq(): number;
  /** How much of the file the disk has for certain. */
  durableBytes(): number;
  /** Resolves when the disk has more than so many bytes of it, or when `signal` aborts. */
  durableBeyond(bytes: number, signal: AbortSignal): Promise<void>;
  /** Appends an event and gives it the next seq. Resolves when there is room for more. */
  append<Type extends AgentEventType>(type: Type, data: AgentEvents[Type]): Promise<void>;
  /** Resolves when the disk has everything that was appended. */
  flushed(): Promise<void>;
  /** Continues the count of a stream whose spool is lost. Only before the first event. */
  continueAfter(seq: number): void;
}

/**
 * Opens the spool in this folder, or makes it. An event is sent only after the disk has it, and a half-written one is cut
 * off at the next start: so an event has one seq for ever, wherever the host dies. `secret` is never written.
 */
export async function openSpool(folder: string, secret: string): Promise<Spool> {
  await mkdir(folder, { recursive: true });
  const file = await open(path.join(folder, 'events.ndjson'), 'a+', 0o600).then(reopened);
  await syncFolder(folder);
  const found = await readSpooled(file);
  await file.truncate(found.bytes);
  const appender = createAppender(file, found.bytes);
  let lastSeq = found.lastSeq;

  return {
    file,
    found,
    lastSeq: () => lastSeq,
    durableBytes: appender.durableBytes,
    durableBeyond: appender.durableBeyond,
    async append(type, data) {
      lastSeq += 1;
      await appender.append(eventLine({ seq: lastSeq, type, data }, secret));
    },
    flushed: appender.flushed,
    continueAfter(seq) {
      lastSeq = seq;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };

  /** Opened to append it was made; written at positions it must be open for both. */
  async function reopened(made: FileHandle): Promise<FileHandle> {
    await made.close();
    return open(path.join(folder, 'events.ndjson'), 'r+');
  }
}

/** Writing the spool: what arrives while the disk is busy goes to it together. */
import { EventEmitter, once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Appender {
  /** Takes a line. Resolves at once, or, when too much waits for the disk, when that has been written. */
  append(line: string): Promise<void>;
  readonly flushed: () => Promise<void>;
  readonly durableBytes: () => number;
  /** Resolves when the disk has more than so many bytes, or when `signal` aborts. */
  readonly durableBeyond: (bytes: number, signal: AbortSignal) => Promise<void>;
}

/** More than this may not wait in memory. */
const roomBytes = 1024 * 1024;
/** A disk that is full may be made room on. */
const fullDiskPauseMs = 1000;

/** Appends to a file that is `bytes` long. */
export function createAppender(file: FileHandle, bytes: number): Appender {
  let durable = bytes;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | undefined;
  const progress = new EventEmitter();

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const lines = Buffer.concat(waiting);
      waiting = [];
      waitingBytes = 0;
      await writeAt(file, lines, durable);
      durable += lines.length;
      progress.emit('durable');
    }
    writing = undefined;
  }

  return {
    async append(line) {
      const content = Buffer.from(line);
      waiting.push(content);
      waitingBytes += content.length;
      writing ??= write();
      if (waitingBytes > roomBytes) await writing;
    },
    async flushed() {
      await writing;
    },
    durableBytes: () => durable,
    async durableBeyond(position, signal) {
      while (durable <= position && !signal.aborted) await once(progress, 'durable', { signal }).catch(() => undefined);
    },
  };
}

/** Always at the same position, so that a part which a full disk did take is written over. */
async function writeAt(file: FileHandle, content: Buffer, position: number): Promise<void> {
  for (;;) {
    try {
      for (let done = 0; done < content.length;) {
        done += (await file.write(content, done, content.length - done, position + done)).bytesWritten;
      }
      return await file.datasync();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      await sleep(fullDiskPauseMs);
    }
  }
}

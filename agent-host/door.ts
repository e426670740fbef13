/** The only way out of the container: HTTP over a unix socket, as the gateway serves it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoorRefused, requestOnce } from './door-request.ts';
import type { DoorRequest } from './door-request.ts';
import type { NumberedEvent } from './events.ts';
import type { Job } from './job.ts';
import { persist } from './persist.ts';

export interface Door {
  /** The socket and the token, for those who speak through the door themselves. */
  readonly socket: string;
  readonly token: string;
  /** What is to be done. It may be written only later; nobody waits for it any more when `enough` aborts. */
  job(enough: AbortSignal): Promise<Job>;
  /** Appends events to the run's stream; repeats are harmless. Returns the last seq that the stream has. */
  sendEvents(events: NumberedEvent[]): Promise<number>;
  /** Fetches a file of the run, whole or not at all; `false` when the run has no such file. */
  download(name: string, file: string): Promise<boolean>;
  /** Hands in a file of the run, whole or not at all. Fails with `DoorRefused` when it is not wanted, as for its size. */
  upload(name: string, file: string): Promise<void>;
}

/** Between two looks for a job. Its repository is cloned while the container starts. */
const jobPauseMs = 50;

/**
 * The door in this folder. Whoever stands behind it may be away for minutes: every call is repeated until it is answered.
 * An answer that no repetition would change is a `DoorRefused`.
 */
export async function openDoor(folder: string): Promise<Door> {
  const socket = path.join(folder, 'gw.sock');
  const token = (await readFile(path.join(folder, 'token'), 'utf8')).trim();
  const call = <Result>(request: DoorRequest, read: (body: Readable) => Promise<Result>) =>
    persist(() => requestOnce({ socket, token }, request, read));

  return {
    socket,
    token,
    async job(enough) {
      const read = () => call({ method: 'GET', path: '/pawl/job' }, async (body) => (await json(body)) as Job);
      for (;;) {
        try {
          return await read();
        } catch (error) {
          if (!isMissing(error) || enough.aborted) throw error;
          await sleep(jobPauseMs);
        }
      }
    },
    async sendEvents(events) {
      const body = JSON.stringify({ events });
      const read = async (answer: Readable) => (await json(answer)) as { acked: number };
      return (await call({ method: 'POST', path: '/pawl/events', body: () => body }, read)).acked;
    },
    async download(name, file) {
      try {
        const save = (body: Readable) => pipeline(body, createWriteStream(`${file}.part`));
        await call({ method: 'GET', path: `/pawl/files/${name}` }, save);
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
      await rename(`${file}.part`, file);
      return true;
    },
    async upload(name, file) {
      const { size } = await stat(file);
      const body = () => createReadStream(file);
      await call(
        { method: 'PUT', path: `/pawl/files/${name}`, body, bytes: size },
        async (answer) => void answer.resume(),
      );
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof DoorRefused && error.status === 404;
}

/** Inputs and results of a run, as blobs. */
import { pipeline } from 'node:stream/promises';
import { BlobTooLarge } from '../../store/blobs/blob-store.ts';
import { runFilesPrefix } from '../../store/run-blobs.ts';
import type { DoorState } from '../doors/door-state.ts';
import { answerJson, Refusal } from '../http/answers.ts';
import { bodyOf } from '../http/body.ts';
import type { Visit } from '../http/door-handler.ts';
import type { Services } from '../services.ts';

/** An agent host has a dozen. */
const filesAtMost = 1000;

/** Streams a file to the run. */
export async function readFile({ services, state, response }: Visit, name: string): Promise<void> {
  const file = await services.blobs.get(runFilesPrefix(state.door.runId) + name);
  if (!file) throw new Refusal(404, 'not_found', `There is no file ${name}.`);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes });
  await pipeline(file.stream, response);
}

/** Keeps a file of the run, whole or not at all. */
export async function writeFile(visit: Visit, name: string): Promise<void> {
  answerJson(visit.response, 201, await visit.state.takeUploadTurn(() => store(visit, name)));
}

async function store({ services, state, request }: Visit, name: string): Promise<{ bytes: number; sha256: string }> {
  const maxBytes = Math.min(state.door.policy.files.maxBytes, await roomFor(services, state, name));
  try {
    return await services.blobs.put(runFilesPrefix(state.door.runId) + name, bodyOf(request, maxBytes), { maxBytes });
  } catch (error) {
    if (!(error instanceof BlobTooLarge)) throw error;
    throw new Refusal(413, 'too_large', `There is room for ${maxBytes} bytes.`);
  }
}

/** What is left of the run's room when this file is replaced. Fails with a `Refusal` when there are too many files. */
async function roomFor({ blobs }: Services, { door }: DoorState, name: string): Promise<number> {
  const prefix = runFilesPrefix(door.runId);
  let left = door.policy.files.maxTotalBytes;
  let others = 0;
  for await (const { key, bytes } of blobs.list(prefix)) {
    if (key === prefix + name) continue;
    left -= bytes;
    others += 1;
  }
  if (others >= filesAtMost) throw new Refusal(413, 'too_many', `A run may have ${filesAtMost} files.`);
  return Math.max(left, 0);
}

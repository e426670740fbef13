import { pipeline } from 'node:stream/promises';
import { runJobKey } from '../../store/run-blobs.ts';
import { Refusal } from '../http/answers.ts';
import type { Visit } from '../http/door-handler.ts';

/** What the run is to do, as it was written for it. */
export async function readJob({ services, state, response }: Visit): Promise<void> {
  const job = await services.blobs.get(runJobKey(state.door.runId));
  if (!job) throw new Refusal(404, 'not_found', 'There is no job for this run.');
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': job.bytes });
  await pipeline(job.stream, response);
}

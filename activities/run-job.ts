/** What an agent's host is told to do: written by us, read by it through the run's door. */
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { ContentBlock, Job } from '../agent-host/job.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import { runJobKey } from '../store/run-blobs.ts';
import { Prompt } from '../workflows/contract/run.schema.ts';
import type { JobOrder } from '../workflows/contract/run-steps.ts';
import { runBlobs } from '../workflows/contract/run.ts';
import { failure } from './failures.ts';

const conversationFile = 'conversation.tar';
const unpublishedFile = 'unpublished.bundle';

/** As much as a door takes from a run in one file. */
const maxArchiveBytes = 2 * 1024 ** 3;

/** Larger than any prompt that a request may have. */
const maxJobBytes = 64 * 1024 ** 2;

/** Writes the job, and puts beside it what it names. Fails with `InvalidState` when the prompt is forgotten. */
export async function writeJob(blobs: BlobStore, order: JobOrder): Promise<void> {
  const { runId, conversation } = order;
  const prompt = await readPrompt(blobs, runId);
  const hasConversation =
    conversation !== null && (await copyBlob(blobs, conversation.archive, runBlobs(runId).file(conversationFile)));
  const resume = hasConversation
    ? { providerSessionId: conversation.providerSessionId, archive: conversationFile }
    : null;
  const hasWork = await takeUp(blobs, order);
  const text = JSON.stringify({ ...jobOf(order, prompt, resume), ...(hasWork && { unpublished: unpublishedFile }) });
  await blobs.put(runJobKey(runId), Readable.from([text]), { maxBytes: maxJobBytes });
}

function jobOf(order: JobOrder, prompt: ContentBlock[], resume: Job['resume']): Job {
  const { runId, sessionId, agent, options, limits, repository, directory } = order;
  const { model, command, skipPermissions } = options;
  return {
    ...{ runId, sessionId, agent, prompt, resume },
    options: {
      ...(model !== undefined && { model }),
      ...(command !== undefined && { command }),
      ...(skipPermissions === false && { permissionMode: 'default' }),
      ...(limits.turns !== null && { maxTurns: limits.turns }),
    },
    ...{ repository, directory },
    limits: { minutes: limits.minutes },
  };
}

async function readPrompt(blobs: BlobStore, runId: string): Promise<ContentBlock[]> {
  const blob = await blobs.get(runBlobs(runId).prompt);
  if (!blob) throw failure('InvalidState', 'The prompt of this run is forgotten.');
  const prompt = Prompt.parse(await json(blob.stream));
  return typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : prompt;
}

/** The repository of the turn before, and what was done in it. Fails with `BundleInvalid` when they are forgotten. */
async function takeUp(blobs: BlobStore, { runId, unpublished, repository }: JobOrder): Promise<boolean> {
  if (!unpublished || !repository) return false;
  const { file } = runBlobs(runId);
  const isThere =
    (await copyBlob(blobs, unpublished.archive, file(repository.archive))) &&
    (await copyBlob(blobs, unpublished.bundle, file(unpublishedFile)));
  if (!isThere) throw failure('BundleInvalid', 'The work that the session had not published is forgotten.');
  return true;
}

/** Returns `false` when there is nothing to copy. */
export async function copyBlob(blobs: BlobStore, from: string, to: string): Promise<boolean> {
  const blob = await blobs.get(from);
  if (!blob) return false;
  await blobs.put(to, blob.stream, { maxBytes: maxArchiveBytes });
  return true;
}

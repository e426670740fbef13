/** What a run leaves behind for its owner. */
import { Readable } from 'node:stream';
import { runBlobs } from '../../workflows/contract/run.ts';
import { readEvents } from '../events/read-events.ts';
import { Problem } from '../problems.ts';
import type { ArtifactList } from '../run-answers.ts';
import type { Services } from '../services.ts';
import { artifactFiles, artifactNames, type ArtifactName } from './artifact-names.ts';
import { eventsOfRun } from './events.ts';

const mediaTypes: Record<ArtifactName, string> = {
  diff: 'text/x-diff; charset=utf-8',
  bundle: 'application/octet-stream',
  transcript: 'application/x-ndjson; charset=utf-8',
  logs: 'text/plain; charset=utf-8',
};

/** Those that are there by now. */
export async function listArtifacts({ blobs }: Services, runId: string): Promise<ArtifactList> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of blobs.list(runBlobs(runId).all)) sizes.set(key, bytes);
  const artifacts = artifactNames.flatMap((name) => {
    const file = artifactFiles[name];
    const bytes = file === null ? null : sizes.get(runBlobs(runId).file(file));
    if (bytes === undefined) return [];
    return [{ name, mediaType: mediaTypes[name], bytes, href: `/runs/${runId}/artifacts/${name}` }];
  });
  return { artifacts };
}

/**
 * The artifact as a download: what is in it comes from an agent, so a browser must not take it for a page of ours. Fails with
 * `artifact_not_found`.
 */
export async function openArtifact(
  services: Services,
  runId: string,
  name: ArtifactName,
): Promise<{ body: Readable; headers: Record<string, string> }> {
  const headers = {
    'Content-Type': mediaTypes[name],
    'Content-Disposition': `attachment; filename="${runId}.${fileEndings[name]}"`,
    'X-Content-Type-Options': 'nosniff',
  };
  return { headers, body: await open(services, runId, name) };
}

const fileEndings: Record<ArtifactName, string> = { diff: 'diff', bundle: 'bundle', transcript: 'jsonl', logs: 'log' };

async function open(services: Services, runId: string, name: ArtifactName): Promise<Readable> {
  const file = artifactFiles[name];
  if (file === null) return Readable.from(linesOf(services, runId, name), { objectMode: false });
  const blob = await services.blobs.get(runBlobs(runId).file(file));
  if (!blob) throw new Problem('artifact_not_found', `The run has no ${name}, or not yet, or not any more.`);
  return blob.stream;
}

async function* linesOf({ store }: Services, runId: string, name: ArtifactName): AsyncGenerator<string> {
  for await (const { type, data } of readEvents(store, eventsOfRun(runId).stream)) {
    if (name === 'transcript' && type === 'agent.message') yield `${JSON.stringify(messageIn(data))}\n`;
    if (name === 'logs' && type === 'agent.log') yield textIn(data);
  }
}

/** The provider's message; of one that was too large, what is known of it. */
function messageIn(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'message' in data ? data.message : data;
}

function textIn(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('text' in data)) return '';
  return String(data.text).replace(/\n?$/, '\n');
}

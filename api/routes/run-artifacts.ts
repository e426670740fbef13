/** What a run leaves behind: the diff, the bundle, the transcript, the logs. */
import { z } from 'zod';
import { RunId } from '../../workflows/contract/run.schema.ts';
import { route, type Call, type Reply } from '../route.ts';
import { ArtifactList } from '../run-answers.ts';
import { artifactNames } from '../runs/artifact-names.ts';
import { listArtifacts, openArtifact } from '../runs/artifacts.ts';
import { checkRunExists } from '../runs/events.ts';
import type { Services } from '../services.ts';

const OneRun = z.object({ id: RunId });
const OneArtifact = OneRun.extend({ name: z.enum(artifactNames) });

export const artifactRoutes = [
  route({
    method: 'get',
    path: '/runs/:id/artifacts',
    operationId: 'listArtifacts',
    summary: 'List what a run has left behind by now',
    caller: 'owner',
    limit: 'read',
    params: OneRun,
    paramsProblem: 'run_not_found',
    answer: { status: 200, schema: ArtifactList, description: 'Diff and bundle only of a run with a repository.' },
    problems: ['run_not_found', 'temporal_unavailable'],
    handle: showArtifacts,
  }),
  route({
    method: 'get',
    path: '/runs/:id/artifacts/:name',
    operationId: 'readArtifact',
    summary: 'Download the diff, the git bundle, the transcript (JSON lines) or the logs of a run',
    caller: 'owner',
    limit: 'read',
    params: OneArtifact,
    paramsProblem: 'artifact_not_found',
    answer: {
      status: 200,
      schema: z.string(),
      description: 'The bytes. Transcript and logs have what there is by now.',
      mediaType: 'application/octet-stream',
    },
    problems: ['run_not_found', 'artifact_not_found', 'temporal_unavailable'],
    handle: sendArtifact,
  }),
];

async function showArtifacts({ params, actor }: Call<typeof OneRun>, services: Services): Promise<Reply<ArtifactList>> {
  await checkRunExists(services, actor, params.id);
  return { body: await listArtifacts(services, params.id) };
}

async function sendArtifact(
  { params: { id, name }, actor }: Call<typeof OneArtifact>,
  services: Services,
): Promise<Reply<string>> {
  await checkRunExists(services, actor, id);
  return await openArtifact(services, id, name);
}

/** Machine images, which are built ahead so that machines are ready sooner. */
import { z } from 'zod';
import { ImageBuildAccepted, ImageBuildDetails } from '../image-answers.ts';
import { readImageBuild, startImageBuild } from '../machine-images/image-build.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';

const OneProvider = z.object({ id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });
type One = typeof OneProvider;

export const machineImageRoutes = [
  route({
    method: 'post',
    path: '/providers/:id/image-build',
    operationId: 'buildMachineImage',
    summary: 'Build the image that machines of this provider start from, or join the build that is under way',
    caller: 'owner',
    limit: 'create',
    params: OneProvider,
    answer: {
      status: 202,
      schema: ImageBuildAccepted,
      description: 'It is being built; `Location` tells how far it is.',
    },
    problems: ['not_found', 'provider_unavailable', 'temporal_unavailable', 'worker_unavailable'],
    handle: buildImage,
  }),
  route({
    method: 'get',
    path: '/providers/:id/image-build',
    operationId: 'readImageBuild',
    summary: 'How far the build of a machine image is, or how the last one ended',
    caller: 'owner',
    limit: 'read',
    params: OneProvider,
    answer: { status: 200, schema: ImageBuildDetails, description: 'The build as it is now.' },
    problems: ['not_found', 'temporal_unavailable', 'worker_unavailable'],
    handle: showBuild,
  }),
];

async function buildImage(
  { params: { id: provider }, requestId }: Call<One>,
  services: Services,
): Promise<Reply<ImageBuildAccepted>> {
  const isNew = await startImageBuild(services, provider);
  const { id } = await readImageBuild(services, provider);
  if (isNew) {
    const subject = `provider:${provider}`;
    await services.store.audit.record({ actor: 'owner', action: 'image.build', subject, requestId, details: { id } });
  }
  const message = isNew ? 'The image is being built; this takes about ten minutes.' : 'It was being built already.';
  return {
    headers: { Location: `/providers/${provider}/image-build` },
    body: { id, provider, joined: !isNew, message },
  };
}

async function showBuild({ params: { id } }: Call<One>, services: Services): Promise<Reply<ImageBuildDetails>> {
  return { body: await readImageBuild(services, id) };
}

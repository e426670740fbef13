/** The builds of machine images whose histories are kept. Their provider is played: the workflow alone is the subject. */
import { machineImageWorkflowId, type BuilderLook } from '../../workflows/contract/machine-image.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { machineImageBuild } from '../../workflows/machine-image/build.ts';
import type { LifecycleHouse } from '../support/lifecycle.ts';
import type { Played } from './stories.ts';

const installing: BuilderLook = { state: 'installing', part: 'packages', tail: '' };

export const imageStories: Record<string, (house: LifecycleHouse) => Promise<Played>> = {
  'image-built': (house) => build(house, [installing, installing, { state: 'done', part: null, tail: '' }]),
  'image-failed': (house) => build(house, [installing, { state: 'failed', part: 'cloudcli', tail: 'npm error' }]),
};

async function build(house: LifecycleHouse, looks: BuilderLook[]): Promise<Played> {
  Object.assign(house.replaced, {
    ensureImageBuilder: async () => ({ builderId: '1', recipe: 'abc' }),
    readImageBuilder: async () => looks.shift(),
    saveMachineImage: async () => ({ id: '2', name: 'an image', sizeGb: 2 }),
    removeImageBuild: async () => undefined,
    removeOlderImages: async () => ['an older image'],
  });
  const handle = await house.env.client.workflow.start<typeof machineImageBuild>('machineImageBuild', {
    taskQueue: controlPlaneQueue,
    workflowId: machineImageWorkflowId('played'),
    args: [{ provider: 'played' }],
  });
  await handle.result();
  return { handle };
}

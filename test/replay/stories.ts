/** The stories whose histories are kept: together they walk every branch of the lifecycle. */
import type { WorkflowHandle } from '@temporalio/client';
import { makeCertificateRequest } from '../support/certificate-request.ts';
import type { LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';
import { imageStories } from './image-stories.ts';

/** Seals the payloads of the kept histories; it guards nothing else. */
export const replayKey = Buffer.alloc(32, 'replay').toString('base64');

/** A workflow that was played to its end. */
export interface Played {
  handle: Pick<WorkflowHandle, 'fetchHistory'>;
}

/** Plays to the end and returns what was played. A name is also the history's file name. */
export const stories: Record<string, (house: LifecycleHouse) => Promise<Played>> = {
  ...imageStories,
  'used-and-stopped': async (house) => {
    const story = await house.start();
    await story.becomesReady();
    await story.beats(10);
    await story.extend(5);
    await story.stop();
    return await ended(story);
  },
  'named-and-certified': async (house) => {
    const story = await house.start({ baseDomain: 'example.com' });
    await story.certify(await makeCertificateRequest());
    await story.becomesReady();
    await story.stop();
    return await ended(story);
  },
  'idle-in-the-end': async (house) => {
    const story = await house.start();
    await story.becomesReady();
    await story.beats(0, 'agent');
    await story.idles(31);
    return await ended(story);
  },
  'boot-failed': async (house) => {
    const story = await house.start();
    await story.bootReports('clone', 'started');
    await story.bootReports('clone', 'failed', 'fatal: repository not found');
    return await ended(story);
  },
  'never-ready': async (house) => await ended(await house.start()),
  'stopped-while-booting': async (house) => {
    const story = await house.start();
    await story.reachesEvent('machine.created');
    await story.bootReports('clone', 'started');
    await story.stop();
    return await ended(story);
  },
  'heartbeats-lost': async (house) => {
    const story = await house.start();
    await story.becomesReady();
    await story.extend(600);
    return await ended(story);
  },
  'as-old-as-it-may-get': async (house) => {
    const story = await house.start({ limits: { lifetimeMinutes: 45 } });
    await story.becomesReady();
    await story.beats(0, 'agent');
    await story.passes(20);
    await story.beats(0, 'agent');
    return await ended(story);
  },
  'continued-as-new': async (house) => {
    const story = await house.start({ limits: { maxHistoryEvents: 60 } });
    await story.becomesReady();
    await story.extend(120);
    for (let count = 0; count < 12; count++) {
      await story.beats(0);
      await story.passes(5);
    }
    await story.stop();
    return await ended(story);
  },
};

async function ended(story: Story): Promise<Story> {
  await story.ends();
  return story;
}

/** Waiting for a builder: it installs by itself, and is looked at now and then. */
import { sleep } from '@temporalio/workflow';
import type { BuilderLook, ImageBuild } from '../contract/machine-image.ts';
import { failure } from '../workspace/failure.ts';
import { readImageBuilder } from './activities.ts';

/** It takes about three minutes; npm and mirrors have bad days. */
const installMinutes = 30;

/** Soon at first, as much of what goes wrong does so early; each look costs history. */
const firstPauseMs = 2_000;
const longestPauseMs = 15_000;

/** Returns once the builder is done. Fails with its own words when it says that it failed, and when it takes too long. */
export async function awaitInstallation(build: ImageBuild, builderId: string): Promise<void> {
  const deadline = Date.now() + installMinutes * 60_000;
  let last = nothingHeard;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const look = await readImageBuilder({ provider: build.provider, buildId: build.id, builderId });
    if (look.state === 'done') return;
    if (look.state !== 'installing') throw failure('ImageBuildFailed', wordsFor(look.state, look.part ? look : last));
    if (look.part) last = look;
    build.detail = last.part && `installing ${last.part}`;
    if (Date.now() >= deadline) throw failure('ImageBuildFailed', wordsFor('late', last));
    await sleep(pauseMs, { summary: 'the builder installs' });
  }
}

const nothingHeard: BuilderLook = { state: 'installing', part: null, tail: '' };

type Ending = Exclude<BuilderLook['state'], 'done' | 'installing'> | 'late';

function wordsFor(ending: Ending, { part, tail }: BuilderLook): string {
  const known = part ? ` It was at: ${part}.${tail && ` Its last words:\n${tail}`}` : ' It was never heard of.';
  return `${endings[ending]}${known}`;
}

const endings: Record<Ending, string> = {
  failed: 'The builder could not install everything.',
  late: `The builder was not done after ${installMinutes} minutes.`,
  stopped: 'Somebody switched the builder off before it was done.',
  gone: 'Somebody removed the builder before it was done.',
};

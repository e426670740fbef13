/** Following the build of a machine image, which goes on by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Report } from '../engine/progress.ts';
import { imageBuildSteps, type ImageBuildStep } from '../workflows/contract/machine-image.ts';
import { ApiUnreachable, type ApiClient } from './api-client.ts';

/** The part of the API's answer that is shown. */
const Build = z.object({
  id: z.string(),
  status: z.enum(['building', 'built', 'failed']),
  step: z.enum(imageBuildSteps),
  detail: z.string().nullable(),
  recipe: z.string().nullable(),
  image: z.object({ id: z.string(), name: z.string(), sizeGb: z.number() }).nullable(),
  replaced: z.array(z.string()),
  error: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Build = z.infer<typeof Build>;

export interface BuildFollower {
  /** Returns once the build is past this step, or over; tells meanwhile what goes on. */
  pass(step: ImageBuildStep, report: Report): Promise<Build>;
  /** Returns the build once it is over. */
  end(report: Report): Promise<Build>;
}

/** Between two looks; each counts against the owner's limit. */
const pauseMs = 2_000;

/** The API may be away for a while, as when it is started anew; the build goes on meanwhile. */
const patienceMs = 120_000;

/** Follows the build under way at a provider; fails with `ApiUnreachable` once the API was away for too long. */
export function followBuild(api: ApiClient, address: string): BuildFollower {
  let heardAtMs = Date.now();

  async function look(): Promise<Build | undefined> {
    try {
      const build = await api.ask('GET', address, Build);
      heardAtMs = Date.now();
      return build;
    } catch (error) {
      if (!(error instanceof ApiUnreachable) || Date.now() - heardAtMs > patienceMs) throw error;
      return undefined;
    }
  }

  async function until(isOver: (build: Build) => boolean, report: Report): Promise<Build> {
    for (;;) {
      const build = await look();
      if (build && (build.status !== 'building' || isOver(build))) return build;
      report(build ? (build.detail ?? 'waiting') : 'the API does not answer; the build goes on');
      await delay(pauseMs);
    }
  }

  return {
    pass: (step, report) => until((build) => place(build.step) > place(step), report),
    end: (report) => until(() => false, report),
  };
}

function place(step: ImageBuildStep): number {
  return imageBuildSteps.indexOf(step);
}

/** The words of machine images: what machines start from, with everything installed. */
import { defineQuery } from '@temporalio/workflow';
import type { FailureName } from './failures.ts';

/** One build at a time for each provider: who asks for another one joins it. */
export function machineImageWorkflowId(provider: string): string {
  return `machine-image:${provider}`;
}

export interface ImageBuildInput {
  provider: string;
}

/** In this order; a failed build goes on with `tidy`. */
export const imageBuildSteps = ['order', 'install', 'save', 'tidy'] as const;
export type ImageBuildStep = (typeof imageBuildSteps)[number];

export interface ImageBuild {
  /** What it makes bears this id. */
  id: string;
  provider: string;
  status: 'building' | 'built' | 'failed';
  step: ImageBuildStep;
  /** What goes on within the step, as far as it is known. */
  detail: string | null;
  /** What is installed, as one short word that changes with every ingredient; `null` until the builder is there. */
  recipe: string | null;
  image: MachineImage | null;
  /** Images that this one took the place of, and that were removed. */
  replaced: string[];
  /** Why it failed; told as soon as it is known, and `failed` once nothing is left of the build. */
  error: string | null;
  errorCode: FailureName | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  endedAt: string | null;
}

export interface MachineImage {
  /** The provider's own. */
  id: string;
  name: string;
  sizeGb: number;
}

/** A builder as it is now: `done` can be made an image of; `stopped` was switched off by somebody, `gone` removed. */
export interface BuilderLook {
  state: 'installing' | 'failed' | 'done' | 'stopped' | 'gone';
  /** Of what it installs; `null` where it has not said it. */
  part: string | null;
  /** The last lines of its log. */
  tail: string;
}

export const imageBuildQuery = defineQuery<ImageBuild>('imageBuild');

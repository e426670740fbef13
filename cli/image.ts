/** `pawl image`: what machines start from. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SetupError } from '../engine/progress.ts';
import type { ImageBuildStep } from '../workflows/contract/machine-image.ts';
import { openApiClient } from './api-client.ts';
import { readCliConfig } from './config.ts';
import { followBuild, type Build, type BuildFollower } from './follow-build.ts';
import { elapsed } from './progress.ts';
import { untilToldToStop } from './signals.ts';
import { takeSteps, type Step } from './steps.ts';

/** As a shell has it for what Ctrl-C ended. */
const interruptedCode = 130;

/** Adds `image build` to the program. */
export function registerImage(program: Command): void {
  program
    .command('image')
    .description('The images that machines start from.')
    .command('build')
    .argument('<provider>', 'where machines come from: hetzner')
    .description('Build an image with everything installed, or follow the build that runs. Ctrl-C leaves it running.')
    .action(buildImage);
}

async function buildImage(provider: string): Promise<void> {
  const api = await openApiClient(readCliConfig().settings);
  const address = `/providers/${encodeURIComponent(provider)}/image-build`;
  const { id, joined } = await api.ask('POST', address, z.object({ id: z.string(), joined: z.boolean() }));
  console.log(joined ? `Build ${id} runs already; this follows it.` : `Build ${id} runs; Ctrl-C leaves it running.`);

  const told = untilToldToStop().then(() => 'left' as const);
  const ended = await Promise.race([told, follow(followBuild(api, address))]);
  if (ended === 'left') {
    console.log(`\nBuild ${id} goes on. To follow it again: pawl image build ${provider}`);
    process.exit(interruptedCode);
  }
  console.log(resultOf(ended));
}

async function follow(build: BuildFollower): Promise<Build> {
  await takeSteps([
    step(build, 'order', 'Builder'),
    step(build, 'install', 'Programs'),
    step(build, 'save', 'Snapshot'),
    step(build, 'tidy', 'Tidying up'),
  ]);
  return await build.end(() => undefined);
}

function step(follower: BuildFollower, name: ImageBuildStep, title: string): Step {
  return {
    title,
    run: async (report) => {
      const build = await follower.pass(name, report);
      if (build.error === null) return;
      // Known before everything is removed that costs money; that is waited for.
      await follower.end(() => report('failed; what was made is being removed'));
      throw new SetupError(`No image was built. ${build.error}`);
    },
  };
}

function resultOf({ image, recipe, replaced, startedAt, endedAt }: Build): string {
  const took = elapsed(Date.parse(endedAt ?? '') - Date.parse(startedAt));
  const lines = [
    '',
    `Image    ${image?.id} (${image?.name})`,
    `Recipe   ${recipe}`,
    `Size     ${image?.sizeGb} GB`,
    `Time     ${took}`,
    ...(replaced.length > 0 ? [`Removed  ${replaced.join(', ')}`] : []),
    '',
    'New machines start from it.',
  ];
  return lines.join('\n');
}

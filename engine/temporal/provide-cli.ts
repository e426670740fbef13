/** The Temporal CLI, whose `server start-dev` is the embedded engine: found, downloaded or built. */
import path from 'node:path';
import { whileHolding } from '../cache-folder.ts';
import { type Report, SetupError } from '../progress.ts';
import { buildCli } from './build-cli.ts';
import { cliVersion } from './cli-release.ts';
import { checkCli, type CliOutcome } from './cli-version.ts';
import { downloadCli } from './download-cli.ts';

export interface CliWay {
  name: string;
  provide(report: Report): Promise<CliOutcome>;
}

export interface CliSources {
  /** `TEMPORAL_CLI_PATH`. */
  cliPath: string | undefined;
  cacheFolder: string;
}

/** The path of a usable CLI. Rejects with `SetupError` that names every way when there is none. */
export async function provideTemporalCli(sources: CliSources, report: Report): Promise<string> {
  const cached = cachedCli(sources.cacheFolder);
  const found = await firstUsable(waysToFind(sources), report);
  if ('path' in found) return found.path;

  return whileHolding(path.dirname(cached), report, async () => {
    const made = await firstUsable(waysToMake(cached), report);
    if ('path' in made) return made.path;
    throw new SetupError(explain([...found.reasons, ...made.reasons]));
  });
}

/** What is on this machine already, the operator's own choice first. */
export function waysToFind({ cliPath, cacheFolder }: CliSources): CliWay[] {
  const named: CliWay = { name: 'TEMPORAL_CLI_PATH', provide: async () => checkCli(cliPath ?? '') };
  return [
    ...(cliPath ? [named] : []),
    { name: '`temporal` on PATH', provide: () => checkCli('temporal') },
    { name: 'the cache', provide: () => checkCli(cachedCli(cacheFolder)) },
  ];
}

/** Tries one way after the other; the result is the first usable executable, or why each way failed. */
export async function firstUsable(
  ways: readonly CliWay[],
  report: Report,
): Promise<{ path: string } | { reasons: string[] }> {
  const reasons: string[] = [];
  for (const way of ways) {
    const outcome = await way.provide(report);
    if ('path' in outcome) return outcome;
    reasons.push(`${way.name}: ${outcome.unusable}`);
  }
  return { reasons };
}

/** The cache comes first once more: whoever held the lock before may have filled it. */
function waysToMake(target: string): CliWay[] {
  return [
    { name: 'the cache', provide: () => checkCli(target) },
    { name: 'the official download', provide: (report) => downloadCli(target, report) },
    { name: "a build from Go's module proxy", provide: (report) => buildCli(target, report) },
  ];
}

function cachedCli(cacheFolder: string): string {
  return path.join(cacheFolder, 'temporal-cli', cliVersion, 'temporal');
}

function explain(reasons: string[]): string {
  return `There is no Temporal server to run on. What was tried:
${[...new Set(reasons)].map((reason) => `  ${reason}`).join('\n')}
Any one of these helps:
  - an existing cluster: set TEMPORAL_ADDRESS, or a profile of the Temporal CLI (TEMPORAL_PROFILE)
  - Temporal CLI ${cliVersion} (https://docs.temporal.io/cli), on PATH or named by TEMPORAL_CLI_PATH
  - access to https://github.com, for the download
  - Go 1.21 or newer (https://go.dev/dl) and access to its module proxy (GOPROXY), for the build`;
}

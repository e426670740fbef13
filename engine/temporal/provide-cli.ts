/** The Temporal CLI, whose `server start-dev` is the embedded engine: found, downloaded or built. */
import path from 'node:path';
import { whileHolding } from '../cache-folder.ts';
import { type Report, SetupError } from '../progress.ts';
import { buildCli } from './build-cli.ts';
import { cliVersion } from './cli-release.ts';
import { checkCli, type CliOutcome } from './cli-version.ts';
import { downloadCli } from './download-cli.ts';

export interface CliSources {
  /** `TEMPORAL_CLI_PATH`. */
  cliPath: string | undefined;
  cacheFolder: string;
}

export interface CliWay {
  name: string;
  provide(report: Report): Promise<CliOutcome>;
}

export interface CliWays {
  /** What is on this machine already: seconds at most. */
  find: readonly CliWay[];
  /** What fills the cache. */
  make: readonly CliWay[];
}

/**
 * The path of a usable CLI. Of several processes one makes it and the others wait. Rejects with `SetupError`, which
 * says why each way failed and what would help.
 */
export async function provideTemporalCli(
  sources: CliSources,
  report: Report,
  ways: CliWays = waysToProvide(sources),
): Promise<string> {
  const found = await firstUsable(ways.find, report);
  if ('path' in found) return found.path;

  return whileHolding(path.dirname(cachedCli(sources.cacheFolder)), report, async () => {
    const made = await firstUsable(ways.make, report);
    if ('path' in made) return made.path;
    throw new SetupError(explain([...found.reasons, ...made.reasons]));
  });
}

/** Looks for a usable CLI on this machine, without getting one. */
export function findTemporalCli(sources: CliSources): Promise<{ path: string } | { reasons: string[] }> {
  return firstUsable(waysToProvide(sources).find, () => undefined);
}

/** The ways in their order: the operator's own choice, what is there, what is checked by checksum, what takes minutes. */
export function waysToProvide({ cliPath, cacheFolder }: CliSources): CliWays {
  const target = cachedCli(cacheFolder);
  const cache: CliWay = { name: 'the cache', provide: () => checkCli(target) };
  return {
    find: [
      ...(cliPath ? [{ name: 'TEMPORAL_CLI_PATH', provide: () => checkCli(cliPath) }] : []),
      { name: '`temporal` on PATH', provide: () => checkCli('temporal') },
      cache,
    ],
    make: [
      // Once more: whoever held the lock before may have filled it.
      cache,
      { name: 'the official download', provide: (report) => downloadCli(target, report) },
      { name: "a build from Go's module proxy", provide: (report) => buildCli(target, report) },
    ],
  };
}

function cachedCli(cacheFolder: string): string {
  return path.join(cacheFolder, 'temporal-cli', cliVersion, 'temporal');
}

async function firstUsable(ways: readonly CliWay[], report: Report): Promise<{ path: string } | { reasons: string[] }> {
  const reasons: string[] = [];
  for (const way of ways) {
    const outcome = await way.provide(report);
    if ('path' in outcome) return outcome;
    reasons.push(`${way.name}: ${outcome.unusable}`);
  }
  return { reasons };
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

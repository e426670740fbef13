import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { lastLineOf, type Report } from '../progress.ts';
import { cliVersion } from './cli-release.ts';
import { type CliOutcome } from './cli-version.ts';

/** `go install` refuses the CLI's own module (it has a `replace`), so a module of ours pins it, with every checksum. */
const moduleFolder = fileURLToPath(new URL('cli-module/', import.meta.url));

/** Builds the CLI from Go's module proxy and keeps it as `target`. Takes minutes the first time, and says how far it is. */
export async function buildCli(target: string, report: Report): Promise<CliOutcome> {
  const missing = await whyGoCannotBuild();
  if (missing) return { unusable: missing };

  const draft = `${target}.draft`;
  try {
    await build(draft, report);
    await rename(draft, target);
    return { path: target };
  } catch (error) {
    return { unusable: `the build failed (${lastLineOf(error)})` };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Go fetches the exact toolchain that the module asks for by itself, but only since 1.21. */
async function whyGoCannotBuild(): Promise<string | undefined> {
  const found = await execa('go', ['env', 'GOVERSION'], { reject: false, env: { GOTOOLCHAIN: 'local' } });
  if (found.failed) return 'Go is not installed';
  const minor = /^go1\.(\d+)/.exec(found.stdout)?.[1];
  if (minor === undefined || Number(minor) >= 21) return undefined;
  return `${found.stdout} is too old, Go 1.21 or newer is needed`;
}

async function build(target: string, report: Report): Promise<void> {
  report('building with Go, about 5 minutes the first time');
  const version = `github.com/temporalio/cli/internal/temporalcli.Version=${cliVersion}`;
  const go = execa(
    'go',
    ['build', '-v', '-o', target, '-ldflags', `-s -w -X ${version}`, 'github.com/temporalio/cli/cmd/temporal'],
    {
      cwd: moduleFolder,
      env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOTOOLCHAIN: 'auto' },
      stdin: 'ignore',
    },
  );
  let packages = 0;
  for await (const line of go.iterable({ from: 'stderr' })) {
    if (line.startsWith('go: downloading')) report(`building with Go: ${line.slice('go: '.length)}`);
    else report(`building with Go: compiled ${++packages} packages, now ${line}`);
  }
  await go;
}

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
  const go = await findGo();
  if ('unusable' in go) return go;

  const draft = `${target}.draft`;
  try {
    await build(go.path, draft, report);
    await rename(draft, target);
    return { path: target };
  } catch (error) {
    return { unusable: `the build failed (${lastLineOf(error)})` };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Go fetches the exact toolchain that the module asks for by itself, but only since 1.21. */
async function findGo(): Promise<CliOutcome> {
  // Go's own installation guide puts it there, and leaves PATH to the reader.
  for (const path of ['go', '/usr/local/go/bin/go']) {
    const { failed, stdout } = await execa(path, ['env', 'GOVERSION'], {
      reject: false,
      env: { GOTOOLCHAIN: 'local' },
    });
    if (failed) continue;
    const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1]);
    return minor < 21 ? { unusable: `${stdout} is too old, Go 1.21 or newer is needed` } : { path };
  }
  return { unusable: 'Go is not installed' };
}

async function build(go: string, target: string, report: Report): Promise<void> {
  report('building with Go, about 5 minutes the first time');
  const version = `github.com/temporalio/cli/internal/temporalcli.Version=${cliVersion}`;
  const building = execa(
    go,
    ['build', '-v', '-o', target, '-ldflags', `-s -w -X ${version}`, 'github.com/temporalio/cli/cmd/temporal'],
    {
      cwd: moduleFolder,
      env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOTOOLCHAIN: 'auto' },
      stdin: 'ignore',
    },
  );
  let packages = 0;
  for await (const line of building.iterable({ from: 'stderr' })) {
    if (line.startsWith('go: downloading')) report(`building with Go: ${line.slice('go: '.length)}`);
    else report(`building with Go: compiled ${++packages} packages, now ${line}`);
  }
  await building;
}

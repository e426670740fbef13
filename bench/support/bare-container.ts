/** What Pawl starts for a run, started by hand: `docker run` of the same image with the same rights and limits. */
import { execa, type ResultPromise } from 'execa';
import { until } from '../../engine/until.ts';
import { dockerThings, removeThings } from '../../test/support/docker.ts';
import { flagsOfRuns } from './run-flags.ts';

export interface BareContainers extends AsyncDisposable {
  /** Starts one; what it prints comes line by line. It is removed when it ends. */
  run(container: BareContainer): ResultPromise<{ lines: true }>;
}

export interface BareContainer {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** `host` for one that calls somebody; Pawl's containers have none, and call through a socket. */
  network: 'host' | 'none';
  /** Files of this machine, by their places in the container. */
  files?: Record<string, string>;
}

/** Gets ready to start containers of this image; in the end none is left. */
export async function openBareContainers(image: string): Promise<BareContainers> {
  const label = `io.pawl.bench=runs-${process.pid}`;
  const options = ['run', '--rm', '--label', label, ...(await flagsOfRuns(image))];
  return {
    run({ command: [program, ...args], network, files = {} }) {
      const mounts = Object.entries(files).flatMap(([place, file]) => ['--volume', `${file}:${place}:ro`]);
      // Its first process is the image's, as in Pawl's containers.
      const entry = ['--entrypoint', '/usr/bin/tini', image, '--', program];
      return execa('docker', [...options, '--network', network, ...mounts, ...entry, ...args], { lines: true });
    },
    [Symbol.asyncDispose]: () => untilNoneIsLeft(label),
  };
}

/** The engine removes those that have ended by itself, and refuses to do so twice at the same time. */
async function untilNoneIsLeft(label: string): Promise<void> {
  await until(`no container with ${label} is left`, async () => {
    await removeThings(label).catch(() => undefined);
    return (await dockerThings(label)).length === 0;
  });
}

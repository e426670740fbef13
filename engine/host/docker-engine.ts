/** The container engine: whether it answers, and how to start it where it is installed but does not run. */
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { execa } from 'execa';
import { reasonOf, type Report, SetupError } from '../progress.ts';
import { until } from '../until.ts';
import { type Finding, found, missing } from './requirement.ts';
import { startDetached } from './start-detached.ts';

export interface DockerHost {
  /** `DOCKER_HOST`; without it the engine's usual socket. */
  address: string | undefined;
  pidFile: string;
  logFile: string;
}

const usualSocket = '/var/run/docker.sock';

/** Asks the engine to answer a ping. */
export async function checkDockerEngine({ address }: Pick<DockerHost, 'address'>): Promise<Finding> {
  const where = address ?? `unix://${usualSocket}`;
  try {
    return found(`${await ping(where)} at ${where}`);
  } catch (error) {
    return missing(`${where} does not answer (${hintOf(error)})`);
  }
}

/**
 * Starts the engine, through systemd where that runs. Never starts a second one: an engine that runs already, but does
 * not answer, is left to the operator. Rejects with `SetupError` when it does not come up.
 */
export async function startDockerEngine(host: DockerHost, report: Report): Promise<void> {
  if (host.address) throw new SetupError(`DOCKER_HOST is ${host.address}: Pawl starts no engine elsewhere.`);
  if (await answers(host)) return;
  if (!engineRuns(host.pidFile)) {
    report('starting the Docker engine');
    // Without a service manager the engine is a process of its own that outlives us: other programs may use it, too.
    await (existsSync('/run/systemd/system') ? startThroughSystemd() : startDetached('dockerd', host.logFile));
  }
  await until('the Docker engine answers', () => answers(host), { deadlineMs: 60_000, pollMs: 250 });
}

async function answers(host: DockerHost): Promise<boolean> {
  return (await checkDockerEngine(host)).isThere;
}

/** The engine's answer, e.g. `Docker/20.10.24 (linux)`. */
function ping(where: string): Promise<string> {
  const url = new URL(where);
  const target =
    url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: url.port || 2375 };
  return new Promise((resolve, reject) => {
    const asking = request({ ...target, path: '/_ping', timeout: 3_000 }, (response) => {
      response.resume();
      resolve(String(response.headers.server ?? 'an engine'));
    });
    asking.once('timeout', () => asking.destroy(new Error('no answer within 3 s')));
    asking.once('error', reject);
    asking.end();
  });
}

function hintOf(error: unknown): string {
  const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
  return isForbidden ? 'this user may not: add it to the group docker' : reasonOf(error);
}

function engineRuns(pidFile: string): boolean {
  try {
    return existsSync(`/proc/${Number(readFileSync(pidFile, 'utf8'))}`);
  } catch {
    return false;
  }
}

async function startThroughSystemd(): Promise<void> {
  await execa('systemctl', ['enable', '--now', 'docker']);
}

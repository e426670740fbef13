/** An installation for the smoke test alone: `pawl start` under a home, a name and ports of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../engine/until.ts';
import { send, type Answer } from '../support/api.ts';
import { freePorts } from '../support/free-ports.ts';

export interface SmokeInstallation {
  /** Calls the owner's listener once; fails unless the answer is a success. */
  call(method: string, address: string, body?: object): Promise<Answer['body']>;
  /** Ends its processes gently, and for sure. */
  stop(): Promise<void>;
}

const pawl = fileURLToPath(new URL('../../cli/pawl.ts', import.meta.url));
const logName = 'pawl.log';
const startMs = 10 * 60_000;
const stopMs = 60_000;

/** Starts it; to be stopped also when `untilReady` rejects, as it does with the reasons of what is not ready. */
export async function startInstallation(
  environment: NodeJS.ProcessEnv,
  { home, name }: { home: string; name: string },
): Promise<SmokeInstallation & { untilReady(signal: AbortSignal): Promise<void> }> {
  const [port = 0, codecPort = 0, temporalPort = 0] = await freePorts(3);
  const token = randomBytes(24).toString('base64url');
  const pawlProcess = spawnPawl(home, {
    ...nets,
    ...environment,
    ...{ MACHINE_PROVIDER: 'hetzner', PAWL_HOME: home, PAWL_INSTALLATION: name, API_TOKEN: token },
    ...{ HOST: '127.0.0.1', PORT: String(port), CODEC_SERVER_PORT: String(codecPort) },
    ...{ TEMPORAL_PORT: String(temporalPort), TEMPORAL_UI: 'off', WORKER_METRICS_ADDRESS: 'off' },
    // Whatever cluster and store the operator has, they are not for this.
    ...{ TEMPORAL_ADDRESS: '', TEMPORAL_PROFILE: '', DATABASE_URL: '', PAWL_SECRET_KEY: '', GIT_INSECURE_HOSTS: '' },
  });
  const url = `http://127.0.0.1:${port}`;

  return {
    async untilReady(signal) {
      let reasons = 'it does not answer';
      const isReady = async (): Promise<boolean> => {
        if (pawlProcess.exitCode !== null) reasons = `it ended.\n${await lastWords(home)}`;
        if (pawlProcess.exitCode !== null) throw new Error(reasons);
        const answer = await send(`${url}/ready`, 'GET', { token }).catch(() => undefined);
        if (answer) reasons = reasonsIn(answer);
        return answer?.status === 200;
      };
      await until('everything is ready', isReady, { signal, deadlineMs: startMs, pollMs: 500 }).catch(
        (error: unknown) => {
          throw new Error(`The installation does not get ready: ${reasons}`, { cause: error });
        },
      );
    },
    async call(method, address, body) {
      const answer = await send(`${url}${address}`, method, { token, ...(body && { body }) });
      if (answer.status < 300) return answer.body;
      throw new Error(`${method} ${address} is answered with ${answer.status}: ${answer.text}`);
    },
    stop: () => end(pawlProcess),
  };
}

/** What ends the workspace when nobody is left to do it, and what removes the key that servers share. */
const nets: NodeJS.ProcessEnv = {
  ...{ PROVISION_MINUTES: '15', IDLE_MINUTES: '15', MAX_LIFETIME_HOURS: '1', DEAD_MAN_MINUTES: '15' },
  ...{ ORPHAN_SWEEP_MINUTES: '1', ORPHAN_AGE_MINUTES: '1' },
};

/** In a group of its own: Ctrl-C is for the test, which still needs it. */
function spawnPawl(home: string, environment: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(path.join(home, logName), 'a');
  return spawn(process.execPath, [pawl, 'start'], { env: environment, stdio: ['ignore', log, log], detached: true });
}

async function end(pawlProcess: ChildProcess): Promise<void> {
  if (pawlProcess.exitCode !== null || pawlProcess.signalCode !== null) return;
  const ended = once(pawlProcess, 'exit');
  const forced = setTimeout(() => pawlProcess.kill('SIGKILL'), stopMs);
  pawlProcess.kill('SIGTERM');
  await ended;
  clearTimeout(forced);
}

async function lastWords(home: string): Promise<string> {
  return (await readFile(path.join(home, logName), 'utf8')).split('\n').slice(-15).join('\n');
}

function reasonsIn({ body, text }: Answer): string {
  const parts = (body['parts'] ?? {}) as Record<string, { ready: boolean; reason: string | null }>;
  const reasons = Object.entries(parts).flatMap(([part, { ready, reason }]) => (ready ? [] : [`${part}: ${reason}`]));
  return reasons.join(' ') || text;
}

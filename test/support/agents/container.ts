/** An agent's container as a runner starts it: no network, no capability, one folder with the door. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../../../engine/until.ts';
import { openDockerEngine } from '../../../local-cloud/docker-engine.ts';
import { ensureAgentImage } from '../../../local-cloud/ensure-image.ts';
import { docker } from '../docker.ts';

const label = 'io.pawl.test=agent-host';

/** The agents whose programs the tests run. */
export const installedAgents = ['acp', 'claude', 'codex', 'gemini', 'opencode'];

/** The image of this checkout, built if need be. */
export async function agentImage(progress: (line: string) => void = () => undefined): Promise<string> {
  const context = { engine: openDockerEngine(), mayInstall: true, progress };
  return ensureAgentImage(context, installedAgents, path.join(tmpdir(), 'pawl-test-cache'));
}

export interface AgentContainer extends AsyncDisposable {
  id: string;
  /** The exit code, once the container has ended. */
  exited(): Promise<number>;
  kill(signal: string): Promise<void>;
  /** Starts it again after it was killed, on the same volume. */
  restart(): Promise<void>;
  /** Resolves when a process with such a command runs in it, or none does. */
  process(command: RegExp): Promise<void>;
  noProcess(command: RegExp): Promise<void>;
  logs(): Promise<string>;
  /** Files on its volume, also after it has ended. */
  find(folder: string, name: string): Promise<string[]>;
  /** Names that anything in it asked a name server for; only if it was started to watch them. */
  namesLookedFor(): Promise<string[]>;
}

export interface ContainerWishes {
  /** A name server in the container writes down what it is asked for. */
  watchesNames?: boolean;
}

const host = ['tini', '--', 'node', '/opt/pawl/agent-host/main.ts'];

/** Notes each question; the name begins after the header, its parts come with their lengths. */
const nameServer = `
const { appendFileSync, writeFileSync } = require('node:fs');
const server = require('node:dgram').createSocket('udp4');
server.on('message', (question) => appendFileSync('/work/names', question.subarray(12).toString('latin1') + '\\n'));
server.bind(53, '127.0.0.1', () => writeFileSync('/work/names', ''));`;

/** Starts an agent host behind the door in this folder, with a volume of its own. */
export async function startAgentContainer(
  doorFolder: string,
  { watchesNames = false }: ContainerWishes = {},
): Promise<AgentContainer> {
  const volume = `pawl-test-${randomUUID()}`;
  const image = await agentImage();
  await docker('volume', 'create', '--label', label, volume);
  const cage = [
    '--network=none',
    '--user=1000:1000',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--read-only',
  ];
  const limits = ['--tmpfs=/tmp:rw,nosuid,nodev,size=256m', '--pids-limit=512', '--memory=2g', '--cpus=2'];
  const mounts = ['--volume', `${doorFolder}:/run/gw:ro`, '--volume', `${volume}:/work`];
  const options = ['--detach', '--label', label, ...cage, ...limits, ...mounts];
  const watch = `node -e "$0" & while [ ! -e /work/names ]; do sleep 0.02; done; exec "$@"`;
  const id = watchesNames
    ? await docker('run', ...options, '--dns=127.0.0.1', '--entrypoint=sh', image, '-c', watch, nameServer, ...host)
    : await docker('run', ...options, image);

  const lookInside = (script: string) =>
    docker(
      'run',
      '--rm',
      '--label',
      label,
      '--network=none',
      '--volume',
      `${volume}:/work:ro`,
      '--entrypoint=sh',
      image,
      '-c',
      script,
    );
  const hasProcess = async (command: RegExp) => command.test(await docker('top', id, '-eo', 'pid,args'));
  return {
    id,
    exited: async () => Number(await docker('wait', id)),
    kill: async (signal) => void (await docker('kill', '--signal', signal, id)),
    restart: async () => void (await docker('start', id)),
    process: (command) => until(`${String(command)} runs`, () => hasProcess(command)),
    noProcess: (command) =>
      until(`${String(command)} has ended`, async () => !(await hasProcess(command).catch(() => false))),
    logs: () => docker('logs', id),
    async find(folder, name) {
      const found = await lookInside(`find '${folder}' -name '${name}'`);
      return found.split('\n').filter(Boolean);
    },
    async namesLookedFor() {
      return (await lookInside('cat /work/names')).split('\n').filter(Boolean);
    },
    async [Symbol.asyncDispose]() {
      await docker('rm', '--force', '--volumes', id);
      await docker('volume', 'rm', '--force', volume);
    },
  };
}

/** An agent's container as a runner starts it: no network, no capability, one folder with the door. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDockerEngine } from '../../../local-cloud/docker-engine.ts';
import { ensureAgentImage } from '../../../local-cloud/ensure-image.ts';
import { docker } from '../docker.ts';

const label = 'io.pawl.test=agent-host';

/** The agents whose programs the tests run. */
const installed = ['acp', 'claude', 'codex', 'gemini', 'opencode'];

/** The image of this checkout, built if need be. */
export async function agentImage(): Promise<string> {
  const context = { engine: openDockerEngine(), mayInstall: true, progress: () => undefined };
  return ensureAgentImage(context, installed, path.join(tmpdir(), 'pawl-test-cache'));
}

export interface AgentContainer extends AsyncDisposable {
  id: string;
  /** The exit code, once the container has ended. */
  exited(): Promise<number>;
  kill(signal: string): Promise<void>;
  /** Starts it again after it was killed, on the same volume. */
  restart(): Promise<void>;
  /** Commands of all processes in it, its first one and the host left out. */
  processes(): Promise<string[]>;
  logs(): Promise<string>;
}

/** Starts an agent host behind the door in this folder, with a volume of its own or the one that is named. */
export async function startAgentContainer(
  doorFolder: string,
  { volume = `pawl-test-${randomUUID()}` }: { volume?: string } = {},
): Promise<AgentContainer> {
  await docker('volume', 'create', '--label', label, volume);
  const cage = ['--network=none', '--user=1000:1000', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--read-only'];
  const limits = ['--tmpfs=/tmp:rw,nosuid,nodev,size=256m', '--pids-limit=512', '--memory=2g', '--cpus=2'];
  const mounts = ['--volume', `${doorFolder}:/run/gw:ro`, '--volume', `${volume}:/work`];
  const id = (await docker('run', '--detach', '--label', label, ...cage, ...limits, ...mounts, await agentImage())).trim();
  return {
    id,
    exited: async () => Number(await docker('wait', id)),
    kill: async (signal) => void (await docker('kill', '--signal', signal, id)),
    restart: async () => void (await docker('start', id)),
    async processes() {
      const lines = (await docker('top', id, '-eo', 'pid,args')).trim().split('\n').slice(1);
      return lines.map((line) => line.trim().replace(/^\d+\s+/, '')).filter((args) => !args.includes('agent-host/main.ts'));
    },
    logs: () => docker('logs', id),
    async [Symbol.asyncDispose]() {
      await docker('rm', '--force', '--volumes', id);
      await docker('volume', 'rm', '--force', volume);
    },
  };
}

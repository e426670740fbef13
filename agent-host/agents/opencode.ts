/** opencode, over the Agent Client Protocol. */
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runAcpProgram } from './acp-client/turn.ts';
import { noUsage } from './agent.ts';
import type { Agent, AgentTurn } from './agent.ts';
import { agentEnvironment } from './common/environment.ts';
import { packageFile } from './common/packages.ts';
import { anyFile } from './common/session-files.ts';

const usualModel = 'claude-sonnet-4-5';

/** opencode on Anthropic's API, with every tool allowed: the container is the fence. */
export const opencode: Agent = {
  id: 'opencode',
  names: ['opencode', 'opencode-ai'],
  model: 'anthropic',
  bounds: [],
  package: 'opencode-ai',
  // Beside them lies `auth.json`, which must not be kept.
  sessionFiles: ['.local/share/opencode/opencode.db{,-wal}'],
  hasSession: (home) => anyFile(home, '.local/share/opencode/*'),
  async run(turn) {
    await writeProtectedFolder(path.join(turn.home, '.config/opencode'));
    const outcome = await runAcpProgram(turn, { file: program(), args: ['acp'], env: await environment(turn) });
    // It tells the usage of its last call alone, which is worse than nothing.
    return { ...outcome, usage: noUsage };
  },
};

/** The package itself only chooses among these at its installation; the image keeps the one that runs on every processor. */
function program(): string {
  const platform = process.arch === 'arm64' ? 'arm64' : 'x64-baseline';
  return packageFile(`opencode-linux-${platform}`, 'bin/opencode');
}

/** Into a folder that it may write it installs a package at every start, for plugins that nobody has. */
async function writeProtectedFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o555);
}

async function environment(turn: AgentTurn): Promise<Record<string, string>> {
  return {
    ...(await agentEnvironment(turn)),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(configuration(turn)),
    // The repository's settings name programs; its instructions are named in the configuration instead. Plugins below its
    // `.opencode/` are started whatever is set: the container holds nothing that they could take.
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    OPENCODE_PURE: '1',
    // Each of these would look for hosts that only its makers know.
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  };
}

/** Of a model that it does not know it would hold back images. */
const abilities = {
  attachment: true,
  modalities: { input: ['text', 'image'], output: ['text'] },
  limit: { context: 200_000, output: 32_000 },
};

/** A provider of our own, for the built-in one asks its makers' list of models. */
function configuration({ gateway, options, cwd }: AgentTurn): object {
  const model = options.model ?? usualModel;
  return {
    autoupdate: false,
    share: 'disabled',
    instructions: [path.join(cwd, 'AGENTS.md')],
    model: `gateway/${model}`,
    small_model: `gateway/${model}`,
    // It would pay the model for a title that nobody sees.
    agent: { title: { disable: true } },
    provider: {
      gateway: {
        npm: '@ai-sdk/anthropic',
        name: 'Gateway',
        options: { baseURL: `${gateway.url}/v1`, apiKey: gateway.token },
        models: { [model]: { name: model, ...abilities } },
      },
    },
    permission: { edit: 'allow', bash: 'allow', webfetch: 'allow' },
  };
}

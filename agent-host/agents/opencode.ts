/** opencode, over the Agent Client Protocol. */
import { runAcpProgram } from './acp-turn.ts';
import type { Agent, AgentTurn } from './agent.ts';
import { agentEnvironment } from './environment.ts';
import { packageFile } from './packages.ts';
import { anyFile } from './session-files.ts';

const usualModel = 'claude-sonnet-4-5';

/** opencode on Anthropic's API, with every tool allowed: the container is the fence. */
export const opencode: Agent = {
  id: 'opencode',
  names: ['opencode', 'opencode-ai'],
  model: 'anthropic',
  package: 'opencode-ai',
  // Beside them lies `auth.json`, which must not be kept.
  sessionFiles: ['.local/share/opencode/opencode.db{,-wal}'],
  hasSession: (home) => anyFile(home, '.local/share/opencode/*'),
  async run(turn) {
    return runAcpProgram(turn, { file: program(), args: ['acp'], env: await environment(turn) });
  },
};

/** The package itself only chooses among these at its installation; the image keeps the one that runs on every processor. */
function program(): string {
  const platform = process.arch === 'arm64' ? 'arm64' : 'x64-baseline';
  return packageFile(`opencode-linux-${platform}`, 'bin/opencode');
}

async function environment(turn: AgentTurn): Promise<Record<string, string>> {
  return {
    ...(await agentEnvironment(turn)),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(configuration(turn)),
    // Each of these would look for hosts that only its makers know.
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  };
}

/** A provider of our own, for the built-in one asks its makers' list of models. */
function configuration({ gateway, options }: AgentTurn): object {
  const model = options.model ?? usualModel;
  return {
    autoupdate: false,
    share: 'disabled',
    model: `gateway/${model}`,
    small_model: `gateway/${model}`,
    provider: {
      gateway: {
        npm: '@ai-sdk/anthropic',
        name: 'Gateway',
        options: { baseURL: `${gateway.url}/v1`, apiKey: gateway.token },
        models: { [model]: { name: model, limit: { context: 200_000, output: 32_000 } } },
      },
    },
    permission: { edit: 'allow', bash: 'allow', webfetch: 'allow' },
  };
}

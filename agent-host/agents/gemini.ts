/** Google's Gemini CLI, over the Agent Client Protocol. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runAcpProgram } from './acp-turn.ts';
import type { Agent, AgentTurn } from './agent.ts';
import { agentEnvironment } from './environment.ts';
import { packageFile } from './packages.ts';
import { anyFile } from './session-files.ts';

const usualModel = 'gemini-2.5-flash';

const settings = {
  general: { disableAutoUpdate: true, disableUpdateNag: true },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
};

/** Gemini CLI with every tool allowed: the container is the fence. */
export const gemini: Agent = {
  id: 'gemini',
  names: ['gemini', 'gemini-cli'],
  model: 'google',
  package: '@google/gemini-cli',
  sessionFiles: ['.gemini/tmp/**', '.gemini/projects.json', '.gemini/history/**'],
  hasSession: (home, id) => anyFile(home, `.gemini/tmp/*/chats/*${id.slice(0, 8)}*`),
  async run(turn) {
    await writeSettings(turn);
    const args = [packageFile('@google/gemini-cli', 'bundle/gemini.js'), '--acp', '--yolo'];
    args.push('--model', turn.options.model ?? usualModel);
    return runAcpProgram(turn, { file: process.execPath, args, env: await environment(turn) });
  },
};

async function writeSettings({ home }: AgentTurn): Promise<void> {
  await mkdir(path.join(home, '.gemini'), { recursive: true });
  await writeFile(path.join(home, '.gemini/settings.json'), JSON.stringify(settings));
}

async function environment(turn: AgentTurn): Promise<Record<string, string>> {
  return {
    ...(await agentEnvironment(turn)),
    GOOGLE_GEMINI_BASE_URL: `${turn.gateway.url}/gemini`,
    GEMINI_API_KEY: turn.gateway.token,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  };
}

/** Google's Gemini CLI, over the Agent Client Protocol. */
import { existsSync } from 'node:fs';
import { glob, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContentBlock } from '../job.ts';
import { runAcpProgram } from './acp-client/turn.ts';
import type { Agent, AgentTurn } from './agent.ts';
import { agentEnvironment } from './common/environment.ts';
import { repositoryInstructions } from './common/instructions.ts';
import { packageFile } from './common/packages.ts';
import { anyFile } from './common/session-files.ts';

const usualModel = 'gemini-2.5-flash';

const settings = {
  // It would try ten times, for minutes.
  general: { disableAutoUpdate: true, disableUpdateNag: true, maxAttempts: 3 },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: true } },
};

/** Gemini CLI; it asks for each tool, and is allowed it: the container is the fence. */
export const gemini: Agent = {
  id: 'gemini',
  names: ['gemini', 'gemini-cli'],
  model: 'google',
  bounds: ['permissions'],
  package: '@google/gemini-cli',
  sessionFiles: ['.gemini/tmp/**', '.gemini/projects.json', '.gemini/history/**'],
  hasSession: (home, id) => anyFile(home, `.gemini/tmp/*/chats/*${id.slice(0, 8)}*`),
  async run(turn) {
    await writeSettings(turn);
    if (turn.resume !== null) await keepApart(turn.home, turn.resume);
    const args = [packageFile('@google/gemini-cli', 'bundle/gemini.js'), '--acp'];
    args.push('--model', turn.options.model ?? usualModel);
    const prompt = [...(await instructions(turn)), ...turn.prompt];
    return runAcpProgram({ ...turn, prompt }, { file: process.execPath, args, env: await environment(turn) });
  },
};

/**
 * Gemini CLI names a conversation's file by the minute and the id, and begins a new one when it loads the conversation: in
 * the same minute that is the same file, and the conversation is lost. So the file gets a name that no minute has.
 */
async function keepApart(home: string, id: string): Promise<void> {
  for await (const name of glob(`.gemini/tmp/*/chats/session-2*-${id.slice(0, 8)}.jsonl`, { cwd: home })) {
    const file = path.join(home, name);
    const kept = path.join(path.dirname(file), `session-kept-${id.slice(0, 8)}.jsonl`);
    // Once there is one, the others are such beginnings, and empty.
    if (existsSync(kept)) await rm(file);
    else await rename(file, kept);
  }
}

/** In a folder that it does not trust it reads no instructions by itself, and starts nothing that the settings name. */
async function instructions({ cwd, resume }: AgentTurn): Promise<ContentBlock[]> {
  const text = resume === null ? await repositoryInstructions(cwd, ['GEMINI.md', 'AGENTS.md']) : '';
  return text === '' ? [] : [{ type: 'text', text }];
}

async function writeSettings({ home }: AgentTurn): Promise<void> {
  await mkdir(path.join(home, '.gemini'), { recursive: true });
  await writeFile(path.join(home, '.gemini/settings.json'), JSON.stringify(settings));
}

async function environment(turn: AgentTurn): Promise<Record<string, string>> {
  return {
    ...(await agentEnvironment(turn)),
    GOOGLE_GEMINI_BASE_URL: `${turn.gateway.url}/gemini`,
    GEMINI_API_KEY: turn.gateway.token,
  };
}

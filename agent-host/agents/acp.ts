/** Any program that speaks the Agent Client Protocol. */
import type { Agent } from './agent.ts';
import { runAcpProgram } from './acp-client/turn.ts';
import { agentEnvironment, modelEnvironment } from './common/environment.ts';
import { ending } from './common/outcomes.ts';
import { anyFile } from './common/session-files.ts';

/** The program that the request names. What it must remember between turns it keeps below `~/.local` or `~/.config`. */
export const acp: Agent = {
  id: 'acp',
  names: ['acp', 'agent-client-protocol'],
  model: null,
  bounds: ['permissions'],
  package: null,
  sessionFiles: ['.local/{share,state}/**'],
  hasSession: (home) => anyFile(home, '.local/*'),
  async run(turn) {
    const [file, ...args] = turn.options.command ?? [];
    if (file === undefined) return ending('failed', 'the request names no program in options.command');
    const env = { ...(await agentEnvironment(turn)), ...modelEnvironment(turn.gateway) };
    return runAcpProgram(turn, { file, args, env });
  },
};

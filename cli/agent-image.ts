import { reasonOf } from '../engine/progress.ts';
import { openDockerEngine } from '../local-cloud/docker-engine.ts';
import { ensureAgentImage } from '../local-cloud/ensure-image.ts';
import type { CliConfig } from './config.ts';
import type { Step } from './steps.ts';

/** Gets ready what agents work in, unless this host has none; when that fails, no agent can work here, but the rest works. */
export function agentImageSteps({ settings }: CliConfig, notes: string[]): Step[] {
  const { WORKER_ROLES: roles, AGENTS: agents, PAWL_CACHE_DIR: cacheDir, PAWL_NO_INSTALL: noInstall } = settings;
  if (!roles.includes('runner')) return [];
  return [
    {
      title: 'Agents',
      run: async (progress) => {
        const context = { engine: openDockerEngine(), mayInstall: !noInstall, progress };
        try {
          await ensureAgentImage(context, agents, cacheDir);
          return agents.join(', ');
        } catch (error) {
          notes.push(`No agent can work on this host yet: ${reasonOf(error)}`);
          return 'not ready, see below';
        }
      },
    },
  ];
}

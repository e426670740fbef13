/** What this host does for runs of agents, and how much of it they get. */
import { z } from 'zod';

const roles = ['control-plane', 'runner'] as const;

export const runnerSettings = z.object({
  WORKER_ROLES: z
    .string()
    .default('control-plane,runner')
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(roles)).min(1))
    .describe(
      'What a worker does, comma-separated: `control-plane` carries workflows and their steps, `runner` has the containers of agents on the Docker engine of its host.',
    ),
  RUNNER_PLACES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(2)
    .describe('Agents that work on this host at the same time; more runs wait.'),
  RUN_CPUS: z.coerce
    .number()
    .positive()
    .max(1024)
    .default(2)
    .describe('CPUs that an agent gets, if the engine has them.'),
  RUN_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(256)
    .default(4096)
    .describe('Megabytes of memory that an agent gets, with all that it starts.'),
});

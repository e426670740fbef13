import { randomUUID } from 'node:crypto';
import type { Job } from '../../../agent-host/job.ts';

/** A job with nothing special about it. */
export function jobFor(agent: string, prompt: string, differences: Partial<Job> = {}): Job {
  return {
    runId: `run-${randomUUID().replaceAll('-', '').slice(0, 10)}`,
    sessionId: 'session-1',
    agent,
    prompt: [{ type: 'text', text: prompt }],
    options: {},
    repository: null,
    resume: null,
    limits: { minutes: 5 },
    ...differences,
  };
}

/** A job for a shell script, which is the plainest of all agents. */
export function scriptJob(script: string, differences: Partial<Job> = {}): Job {
  return jobFor('command', 'the prompt', { options: { command: ['sh', '-c', script] }, ...differences });
}

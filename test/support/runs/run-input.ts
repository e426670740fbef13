import { randomBytes } from 'node:crypto';
import type { RunInput } from '../../../workflows/contract/run.ts';

/** A run like any other, under ids of its own. */
export function newRunInput(differences: Partial<RunInput> = {}): RunInput {
  const runId = `run-${randomBytes(5).toString('hex')}`;
  return {
    runId,
    sessionId: `session-${runId}`,
    installation: 'pawl-test',
    owner: 'owner',
    promptStart: 'Fix the build',
    agent: 'claude',
    options: {},
    repository: { url: 'https://git.example/hello-world.git', branch: null, directory: null, credential: null },
    modelCredential: 'anthropic',
    publish: 'branch',
    limits: { minutes: 60, turns: null, tokens: null, costMicros: null },
    callback: null,
    priority: 3,
    fairnessKey: 'owner',
    runnerLostSeconds: 120,
    createdAt: new Date().toISOString(),
    requestId: 'request-1',
    ...differences,
  };
}

/** One run of an agent in its container, with a scripted model behind its door. */
import assert from 'node:assert/strict';
import type { AgentEnded } from '../../../agent-host/events.ts';
import type { Job } from '../../../agent-host/job.ts';
import { until } from '../../../engine/until.ts';
import { startAgentContainer } from './container.ts';
import type { AgentContainer, ContainerWishes } from './container.ts';
import { openTestDoor } from './door.ts';
import type { TestDoor } from './door.ts';
import { startModelEndpoint } from '../model-endpoint/index.ts';
import type { ModelEndpoint } from '../model-endpoint/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export interface AgentRun extends AsyncDisposable {
  door: TestDoor;
  model: ModelEndpoint;
  container: AgentContainer;
  /** Resolves when the agent has called its model. */
  modelCalled(): Promise<void>;
  /** The end that the host tells, once its container is gone. */
  end(): Promise<AgentEnded>;
}

/** Starts the container of a job. `inputs` are files of this machine that the run gets, by their names there. */
export async function startAgentRun(
  job: Job,
  inputs: Record<string, string> = {},
  wishes: ContainerWishes = {},
): Promise<AgentRun> {
  const resources = new AsyncDisposableStack();
  try {
    const folder = resources.use(await temporaryFolder());
    const model = resources.use(await startModelEndpoint());
    const door = resources.use(await openTestDoor(folder.path, { job, inputs, modelUrl: model.url }));
    const container = resources.use(await startAgentContainer(door.folder, wishes));
    return {
      door,
      model,
      container,
      modelCalled: () => until('the model is called', () => model.requests.some(({ api }) => api !== null)),
      async end() {
        const code = await container.exited();
        assert.equal(code, 0, await container.logs());
        return door.end();
      },
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

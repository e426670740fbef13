/** One run of an agent in its container, with a scripted model behind its door. */
import { randomUUID } from 'node:crypto';
import type { AgentEnded, NumberedEvent } from '../../agent-host/events.ts';
import type { Job } from '../../agent-host/job.ts';
import { startAgentContainer } from './agent-container.ts';
import type { AgentContainer } from './agent-container.ts';
import { openTestDoor } from './door/door.ts';
import type { TestDoor } from './door/door.ts';
import { eventually } from './eventually.ts';
import { startModelEndpoint } from './model-endpoint/index.ts';
import type { ModelEndpoint } from './model-endpoint/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface AgentRun extends AsyncDisposable {
  door: TestDoor;
  model: ModelEndpoint;
  container: AgentContainer;
  /** Resolves when an event of this type is there. */
  told(type: NumberedEvent['type']): Promise<NumberedEvent>;
  /** The end that the host tells, once its container is gone. */
  end(): Promise<AgentEnded>;
  messages(): Record<string, unknown>[];
}

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

/** Starts the container of a job. `inputs` are the files of the run, by name. */
export async function startAgentRun(job: Job, inputs: Record<string, Buffer> = {}): Promise<AgentRun> {
  const resources = new AsyncDisposableStack();
  try {
    const folder = resources.use(await temporaryFolder());
    const model = resources.use(await startModelEndpoint());
    const door = resources.use(await openTestDoor(folder.path, { job, inputs, modelUrl: model.url }));
    const container = resources.use(await startAgentContainer(door.folder));
    return {
      door,
      model,
      container,
      async told(type) {
        await eventually(() => door.events.some((event) => event.type === type), `${type} is told`, 60_000);
        return door.events.find((event) => event.type === type)!;
      },
      async end() {
        await container.exited();
        const last = door.events.at(-1);
        if (last?.type !== 'agent.ended') throw new Error(`The run did not end: ${await container.logs()}`);
        return last.data as AgentEnded;
      },
      messages: () =>
        door.events
          .filter(({ type }) => type === 'agent.message')
          .map(({ data }) => (data as { message: Record<string, unknown> }).message),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

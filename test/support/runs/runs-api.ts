/** The API in front of runs on scripted runners: what an owner can see of them, and do to them. */
import { until } from '../../../engine/until.ts';
import { runStream } from '../../../workflows/contract/run.ts';
import { openApi, type Answer, type Api, type Request } from '../api.ts';
import { openRunHouse, type RunHouse } from './house.ts';
import { endAgent } from './run-world.ts';
import type { AgentEnding } from '../../../workflows/contract/run-events.ts';

export interface RunsApi extends AsyncDisposable {
  house: RunHouse;
  api: Api;
  call(method: string, address: string, request?: Request): Promise<Answer>;
  /** Another API process on the same house. */
  openAnotherApi(settings?: Record<string, string>): Promise<Api>;
  /** Asks for a run of an agent that works until the test ends it; fails unless it is accepted. */
  create(body?: Record<string, unknown>, headers?: Record<string, string>): Promise<{ id: string; sessionId: string }>;
  reaches(runId: string, status: string): Promise<void>;
  /** Its agent says these, as its host tells the control plane. */
  says(runId: string, ...messages: unknown[]): Promise<void>;
  ends(runId: string, ending?: Partial<AgentEnding>): Promise<void>;
}

/** What most tests ask for: it needs neither a model nor a repository. */
export const simpleRun = { prompt: 'Say hello', agent: 'command', options: { command: ['echo', 'hello'] } };

/** One for a test file. Agents work until the test ends them, unless it plays another script. */
export async function openRunsApi(settings: Record<string, string> = {}): Promise<RunsApi> {
  await using cleanup = new AsyncDisposableStack();
  const house = cleanup.use(await openRunHouse());
  await house.addRunner('host-a', 4);
  house.play({ agent: () => null });
  const openAnotherApi = (more: Record<string, string> = {}): Promise<Api> =>
    openApi({
      settings: { GIT_INSECURE_HOSTS: 'git.test', ...settings, ...more },
      house: { temporal: house.client, store: house.store },
    });
  const api = cleanup.use(await openAnotherApi());
  const said = new Map<string, number>();
  const stack = cleanup.move();

  const status = async (id: string): Promise<unknown> => (await api.call('GET', `/runs/${id}`)).body['status'];
  return {
    ...{ house, api, call: (...request) => api.call(...request), openAnotherApi },
    async create(body = {}, headers = {}) {
      const answer = await api.call('POST', '/runs', { body: { ...simpleRun, ...body }, headers });
      if (answer.status !== 202) throw new Error(`not accepted: ${answer.text}`);
      return { id: String(answer.body['id']), sessionId: String(answer.body['sessionId']) };
    },
    reaches: (id, wanted) => until(`${id} is ${wanted}`, async () => (await status(id)) === wanted),
    async says(id, ...messages) {
      const first = (said.get(id) ?? 0) + 1;
      said.set(id, first + messages.length - 1);
      const events = messages.map((message, index) => ({
        ...{ key: `agent:${first + index}`, type: 'agent.message', data: { message } },
      }));
      await house.store.events.append(runStream(id), events);
    },
    async ends(id, ending = {}) {
      await until('the agent works', () => house.world.containers.has(id));
      endAgent(house.world, id, ending);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

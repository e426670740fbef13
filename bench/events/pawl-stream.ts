/** Pawl's way: its event log on disk, and its API process, which finds there what is new and tells whoever follows. */
import { openKeyring } from '../../config/open-keyring.ts';
import { apiProcess } from '../../engine/pawl-processes.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { openStore } from '../../store/open-store.ts';
import { ownerToken } from '../../test/support/api.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { newRunInput } from '../../test/support/runs/run-input.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { runStream } from '../../workflows/contract/run.ts';
import { timeMs } from '../support/time-ms.ts';
import { startReaders } from './start-readers.ts';
import { batchesOf, type StreamLevel } from './stream.ts';

/** Starts the API on a store of its own. It needs no Temporal for what it is asked here. */
export async function openPawlStream(): Promise<StreamLevel> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const store = await openStore({ home, keyring: await openKeyring({ PAWL_HOME: home }) });
  cleanup.defer(() => store.close());
  const [port = 0, machinePort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...{ PATH: process.env['PATH'], PAWL_HOME: home, TEMPORAL_ADDRESS: '127.0.0.1:1', API_TOKEN: ownerToken },
    ...{ PORT: String(port), MACHINE_API_PORT: String(machinePort), MACHINE_API_HOST: '127.0.0.1' },
    ...{ RATE_LIMITS: 'off', LOG_LEVEL: 'error' },
  };
  const supervisor = await openSupervisor(home, () => undefined);
  cleanup.defer(() => supervisor.stop());
  await supervisor.start(apiProcess({ env, ports: [], url }));
  const stack = cleanup.move();

  return {
    async tell({ events, subscribers }) {
      const { runId, owner } = newRunInput();
      const append = store.events.append.bind(undefined, runStream(runId));
      await append([{ key: 'first', type: 'run.accepted', data: { owner } }]);
      const readers = await startReaders({
        url: `${url}/runs/${runId}/events`,
        token: ownerToken,
        ...{ subscribers, events: events + 2 },
      });
      return await timeMs(async () => {
        for (const batch of batchesOf(events)) await append(batch);
        await append([{ key: 'last', type: 'run.completed', data: {} }]);
        await readers.done;
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

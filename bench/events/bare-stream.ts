/** The bare way, each time in a fresh process on a fresh file. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { timeMs } from '../support/time-ms.ts';
import { Listening, type BareOrder } from './bare-order.ts';
import { startReaders } from './start-readers.ts';
import type { StreamLevel } from './stream.ts';

const program = fileURLToPath(new URL('bare-server.ts', import.meta.url));

/** Opens it; it keeps nothing between two measurements. */
export async function openBareStream(): Promise<StreamLevel> {
  const folder = await temporaryFolder();
  let files = 0;
  return {
    async tell({ events, subscribers }) {
      const order: BareOrder = { file: path.join(folder.path, `${++files}.db`), events };
      const server = execa(process.execPath, [program], {
        input: JSON.stringify(order),
        ipc: true,
        stdout: 'inherit',
        stderr: 'inherit',
      });
      const { port } = Listening.parse(await server.getOneMessage());
      const url = `http://127.0.0.1:${port}/`;
      const readers = await startReaders({ url, token: 'any', subscribers, events: events + 2 });
      return await timeMs(async () => {
        const done = server.getOneMessage({ filter: (message) => message === 'done' });
        await server.sendMessage('go');
        await Promise.all([readers.done, done]);
      });
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

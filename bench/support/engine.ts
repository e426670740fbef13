/** An embedded Temporal server for a measurement, as an installation runs it unless told otherwise. */
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { embeddedTemporal } from '../../test/support/embedded-temporal.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

export interface Engine extends AsyncDisposable {
  address: string;
  pid: number;
}

/** Starts a server on a database of its own; `tune` changes its arguments. */
export async function startEngine(tune = (args: string[]): string[] => args): Promise<Engine> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const { definition, address } = await embeddedTemporal(home, { synchronous: 'FULL' });
  const supervisor = await openSupervisor(home, () => undefined);
  cleanup.defer(() => supervisor.stop());
  await supervisor.start({ ...definition, args: tune(definition.args) });
  const pid = openRunRecords(home).read(definition.name)?.pid ?? Number.NaN;
  const stack = cleanup.move();
  return { address, pid, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

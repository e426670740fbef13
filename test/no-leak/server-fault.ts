/**
 * The fault of the time-skipping server that no play can go on from: a workflow that cancels an activity, which ended in that
 * very moment, is refused (every other server accepts), its task is neither repeated nor given up, and time is held for it.
 */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Of this process's workers; the returned promise resolves when one of them meets the fault. */
export function watchForServerFault(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    const words = `${message} ${JSON.stringify(meta ?? {})}`;
    if (words.includes('ACTIVITY_UNKNOWN')) resolve();
    else if (level === 'ERROR') console.error(words);
  });
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({ logger, telemetryOptions: { logging: { filter, forward: {} } } });
  return promise;
}

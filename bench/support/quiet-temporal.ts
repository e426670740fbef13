import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Keeps Temporal's own log lines from the results. Once in a process, before its first connection. */
export function quietTemporal(): void {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}

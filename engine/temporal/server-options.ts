/** How the embedded Temporal server is started: each flag with its reason. Measured in docs/performance.md. */

export interface ServerOptions {
  databaseFile: string;
  ip: string;
  port: number;
  /** Without a port there is no Web UI. */
  uiPort: number | undefined;
  namespace: string;
  /** `FULL` waits for the disk at every commit. `NORMAL` does not, so a power cut may take the last commits; no death of a process does. */
  synchronous: 'FULL' | 'NORMAL';
  /** Where the Web UI gets payloads decrypted for the operator. */
  codecEndpoint: string | undefined;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'never';
}

/** The arguments of `temporal` for an embedded server. */
export function serverArguments(options: ServerOptions): string[] {
  return [
    ...['server', 'start-dev'],
    ...['--ip', options.ip, '--port', String(options.port)],
    ...['--db-filename', options.databaseFile],
    ...['--namespace', options.namespace],
    ...['--log-level', options.logLevel, '--log-format', 'json', '--color', 'never'],
    ...webUi(options),
    // A write-ahead log takes one disk write per commit instead of two.
    ...['--sqlite-pragma', 'journal_mode=WAL'],
    ...['--sqlite-pragma', `synchronous=${options.synchronous}`],
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${String(value)}`]),
  ];
}

function webUi({ uiPort, codecEndpoint }: ServerOptions): string[] {
  if (uiPort === undefined) return ['--headless'];
  // The news feed would ask a host outside on every page view.
  const ui = ['--ui-port', String(uiPort), '--ui-disable-news-fetch'];
  return codecEndpoint ? [...ui, '--ui-codec-endpoint', codecEndpoint] : ui;
}

const dynamicConfig: Record<string, number | boolean> = {
  // One shard polls its transfer queue 20 times a second by default: 50 ms waiting in every step of every workflow.
  'history.transferProcessorMaxPollRPS': 1000,
  // An activity that the same worker can take at once need not go through matching.
  'system.enableActivityEagerExecution': true,
  // Partitions spread a task queue over many matching hosts; here there is one, and each costs polls.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Fairness keys keep one busy repository from starving the others.
  'matching.enableFairness': true,
  // The SQL columns hold 255 characters: a longer id must be refused at the door, not fail inside.
  'limit.maxIDLength': 255,
};

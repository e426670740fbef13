/** What a worker process tells its operator: Temporal's own log lines and metrics beside ours. */
import { Runtime, type LogMetadata, type Logger as TemporalLogger, type LogLevel } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Must run before the process makes its first Temporal connection. `metricsAddress` is `host:port`, or `off`. */
export function installTelemetry(log: Logger, metricsAddress: string): void {
  Runtime.install({
    logger: temporalLogger(log),
    // The supervisor decides when a worker stops; see main.ts.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(metricsAddress !== 'off' && { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
  });
}

/** Temporal's log lines carry workflow and activity ids as fields; they stay fields. */
function temporalLogger(log: Logger): TemporalLogger {
  const write = (level: LogLevel, message: string, meta?: LogMetadata): void =>
    log[pinoLevels[level]](workspaceFields(meta), message);
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

const pinoLevels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

const workspacePrefix = 'workspace:';

function workspaceFields(meta: LogMetadata = {}): LogMetadata {
  const { workflowId } = meta as { workflowId?: unknown };
  if (typeof workflowId !== 'string' || !workflowId.startsWith(workspacePrefix)) return meta;
  return { workspaceId: workflowId.slice(workspacePrefix.length), ...meta };
}

/** The structured log of a process, on standard output. */
import pino, { type Logger } from 'pino';

/** Field names whose values never reach a log, wherever a caller puts them. */
const secretFields = ['authorization', 'password', 'token', 'secret', 'credentials', 'machineToken', 'userData'];

/** One JSON object a line. `process` names the process in every line, e.g. `api`. */
export function createLogger(settings: { LOG_LEVEL: string }, process: string): Logger {
  return pino({
    level: settings.LOG_LEVEL,
    base: { process },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    serializers: { error: pino.stdSerializers.err },
  });
}

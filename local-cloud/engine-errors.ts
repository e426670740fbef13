/** What the engine's errors mean. */

export type EngineErrorKind = 'unreachable' | 'missing' | 'conflict' | 'capabilities' | 'broken' | 'refused';

/**
 * `unreachable`: no engine answered. `missing`, `conflict`: the thing is not there, or there already. `capabilities`: the
 * engine asked for capabilities that its host does not have, as it does for `--privileged` in some sandboxes.
 * `undefined`: not an error of the engine's at all.
 */
export function engineErrorKind(error: unknown): EngineErrorKind | undefined {
  const { statusCode, code, message = '' } = error as { statusCode?: number; code?: string; message?: string };
  if (statusCode === undefined) return isConnectionError(code) ? 'unreachable' : undefined;
  if (statusCode === 404) return 'missing';
  if (statusCode === 409) return 'conflict';
  if (statusCode >= 500) return message.includes('unable to apply caps') ? 'capabilities' : 'broken';
  return 'refused';
}

/** The engine's own words, without the client's `(HTTP code …)` around them. */
export function engineWords(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message?: string };
  return json?.message ?? message ?? String(error);
}

/** Codes of sockets and name look-ups, such as `ECONNREFUSED`; an abort's code is a number. */
function isConnectionError(code: unknown): boolean {
  return typeof code === 'string' && /^E[A-Z]+$/.test(code);
}

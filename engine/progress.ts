/** Says what is happening right now in a few words; whoever shows it decides how. */
export type Report = (message: string) => void;

/** A step could not be done. The message is for the operator: what failed, and everything that would help. */
export class SetupError extends Error {
  override name = 'SetupError';
}

/** The words of anything thrown, for a line on a terminal. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}

/** Where a program that failed says why: the last line of its output. */
export function lastLineOf(error: unknown): string {
  return reasonOf(error).trim().split('\n').at(-1) ?? '';
}

/** Where in its container a run's checkout lies. */
import type { RunInput, SessionCheckpoint } from './run.ts';

/** A session stays in the folder that it began in. Those that began before folders had names have one without. */
export function checkoutDirectory(
  resume: Pick<SessionCheckpoint, 'directory'> | null,
  { directory = '' }: Pick<RunInput, 'directory'>,
): string {
  return resume ? (resume.directory ?? '') : directory;
}

/** The same in every container. */
export function checkoutPath(directory: string): string {
  return directory === '' ? '/work/repo' : `/work/repo/${directory}`;
}

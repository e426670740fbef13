/** The log file of one process. It writes there by itself, so its words survive the supervisor. */
import { copyFileSync, mkdirSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';

const largestBytes = 32 * 1024 * 1024;

export interface ProcessLog {
  file: string;
  /** A file descriptor that appends; the caller closes it. */
  open(): number;
  /** The last lines, for a message about why it ended. */
  tail(lines: number): string[];
  /**
   * Moves a large log aside (`<name>.1.log`, one generation). The process goes on writing to the same file; lines
   * written during the copy may be lost.
   */
  rotate(): void;
}

/** The log of the process with this name, under `<home>/logs`. */
export function openProcessLog(home: string, name: string): ProcessLog {
  const folder = path.join(home, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${name}.log`);
  return {
    file,
    open: () => openSync(file, 'a', 0o600),
    tail: (lines) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines),
    rotate: () => {
      if (statSync(file).size < largestBytes) return;
      copyFileSync(file, path.join(folder, `${name}.1.log`));
      truncateSync(file);
    },
  };
}

/** Shows that a long step is alive, on a terminal and in a log alike. */
import type { Report } from '../engine/progress.ts';

const livenessMs = { terminal: 1_000, log: 15_000 };

/**
 * Runs `work` and shows its latest report with the elapsed time: at once and every second on a terminal, every fifteen
 * seconds in a log, where each line stays.
 */
export async function showing<Result>(
  show: (line: string) => void,
  isTerminal: boolean,
  work: (report: Report) => Promise<Result>,
): Promise<Result> {
  const startedAtMs = Date.now();
  let latest: string | undefined;
  const tick = () => latest !== undefined && show(`${latest} (${elapsed(Date.now() - startedAtMs)})`);
  const timer = setInterval(tick, isTerminal ? livenessMs.terminal : livenessMs.log);
  try {
    return await work((message) => {
      const isFirst = latest === undefined;
      latest = message;
      if (isTerminal || isFirst) tick();
    });
  } finally {
    clearInterval(timer);
  }
}

function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

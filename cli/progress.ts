/** Shows that a long step is alive, on a terminal and in a log alike. */
import type { Report } from '../engine/progress.ts';

interface Rhythm {
  tickMs: number;
  /** Between two lines: in a log each one stays. */
  pauseMs: number;
  showsEveryReport: boolean;
}

const onTerminal: Rhythm = { tickMs: 1_000, pauseMs: 0, showsEveryReport: true };
/** Nothing for a step of a moment, then a line now and then. */
const inLog: Rhythm = { tickMs: 3_000, pauseMs: 15_000, showsEveryReport: false };

/** Runs `work` and shows its latest report with the elapsed time, again and again, so that it never looks dead. */
export async function showing<Result>(
  show: (line: string) => void,
  isTerminal: boolean,
  work: (report: Report) => Promise<Result>,
): Promise<Result> {
  const { tickMs, pauseMs, showsEveryReport } = isTerminal ? onTerminal : inLog;
  const startedAtMs = Date.now();
  let shownAtMs = -Infinity;
  let latest: string | undefined;
  const tick = () => {
    if (latest === undefined || Date.now() - shownAtMs < pauseMs) return;
    shownAtMs = Date.now();
    show(`${latest} (${elapsed(shownAtMs - startedAtMs)})`);
  };
  const timer = setInterval(tick, tickMs);
  try {
    return await work((message) => {
      latest = message;
      if (showsEveryReport) tick();
    });
  } finally {
    clearInterval(timer);
  }
}

/** A time as people say it. */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

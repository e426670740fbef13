const firstDelayMs = 200;
const longestDelayMs = 5_000;
const livedLongMs = 30_000;

/** How long to wait before a restart: longer each time, from the beginning again after it had lived a while. */
export function restartDelayMs(previousDelayMs: number | undefined, livedMs: number): number {
  if (previousDelayMs === undefined || livedMs >= livedLongMs) return firstDelayMs;
  return Math.min(previousDelayMs * 2, longestDelayMs);
}

/** One by one, and many at once. */
import { median } from '../report/statistics.ts';
import { timeMs } from '../support/time-ms.ts';

/** Median milliseconds of the work, done so often, one after the other. */
export async function latencyMs(work: () => Promise<unknown>, times: number): Promise<number> {
  const samples: number[] = [];
  for (let time = 0; time < times; time++) samples.push(await timeMs(work));
  return median(samples);
}

/** How often a second the work gets done, `atOnce` at a time, so many times in all. */
export async function ratePerSecond(
  work: () => Promise<unknown>,
  { atOnce, times }: { atOnce: number; times: number },
): Promise<number> {
  let left = times;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  const ms = await timeMs(() => Promise.all(Array.from({ length: atOnce }, lane)));
  return (times / ms) * 1000;
}

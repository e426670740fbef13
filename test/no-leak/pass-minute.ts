/** A minute of the server's time, which takes as long as the work that falls into it. */
import { setTimeout } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { World } from './world.ts';

const minuteMs = 60_000;
/** Short, so that there are quiet looks between what many worlds do. */
const lookEveryMs = 200;

/** Far more than two clocks that are asked one after the other differ by, and less than the time skips at once. */
const leapMs = 500;

/** More than the ten seconds after which the server gives up a workflow task that no worker answers. */
const stuckLooks = 12_000 / lookEveryMs;

/** Lets it pass. */
export async function passMinute(env: TestWorkflowEnvironment, worlds: ReadonlySet<World>): Promise<void> {
  const passed = new AbortController();
  const watching = letGoOfTime(env, worlds, passed.signal);
  try {
    await env.sleep(minuteMs);
  } finally {
    passed.abort();
    await watching;
  }
}

/**
 * The server holds time for each attempt of an activity, and never lets go for one that was cancelled before a worker took
 * it: from then on a minute would take a real one. That shows when time runs no faster than the clock on the wall though
 * nobody does anything; nothing else looks like it for so long, and to let go of anything else would break the server. Of many
 * worlds there is always one whose timer comes up: what it does in between is no sign that time is free again, only a leap is.
 */
async function letGoOfTime(
  env: TestWorkflowEnvironment,
  worlds: ReadonlySet<World>,
  passed: AbortSignal,
): Promise<void> {
  let looks = 0;
  let last = await look(env, worlds);
  while (await isStillOn(passed)) {
    const now = await look(env, worlds);
    const isIdle = now.underWay === 0 && now.begun === last.begun;
    const hasLeapt = now.aheadMs - last.aheadMs >= leapMs;
    last = now;
    if (hasLeapt) looks = 0;
    else if (isIdle) looks += 1;
    if (looks < stuckLooks || passed.aborted) continue;
    looks = 0;
    await env.connection.testService?.unlockTimeSkipping({});
  }
}

/** Attempts under way, attempts begun so far, and by how much the server's time is ahead. */
async function look(env: TestWorkflowEnvironment, worlds: ReadonlySet<World>) {
  const aheadMs = (await env.currentTimeMs()) - Date.now();
  const all = [...worlds].map(({ attempts }) => attempts);
  return { aheadMs, underWay: sum(all.map((one) => one.underWay)), begun: sum(all.map((one) => one.begun)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

async function isStillOn(passed: AbortSignal): Promise<boolean> {
  await setTimeout(lookEveryMs, undefined, { signal: passed }).catch(() => undefined);
  return !passed.aborted;
}

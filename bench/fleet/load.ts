/**
 * The load generator, a process of its own: machines that beat and an owner who looks, on loopback alone, for a time that its order
 * limits. Requests leave on a fixed schedule, whatever became of those before, so a slow answer cannot hide the next.
 */
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCounter } from './counter.ts';
import { LoadOrder, type LoadResult } from './load-order.ts';
import { beatRequest, readRequest, requestMs } from './requests.ts';

const order = LoadOrder.parse(JSON.parse(await text(process.stdin)));
const { machines, beatSeconds, readsPerSecond, warmUpSeconds, windowSeconds } = order;
const startedAt = performance.now();
const countFrom = startedAt + warmUpSeconds * 1000;
const endAt = countFrom + windowSeconds * 1000;
const [beats, reads] = [createCounter(), createCounter()];

await Promise.all([sendBeats(), sendReads()]);
const result: LoadResult = { beats: beats.summary(), reads: reads.summary() };
console.log(JSON.stringify(result));

async function sendBeats(): Promise<void> {
  const gapMs = (beatSeconds * 1000) / machines.length;
  await onSchedule(gapMs, (turn) => {
    return beats.count(isCounted(), requestMs(beatRequest(order, turn, performance.now() - startedAt)));
  });
}

async function sendReads(): Promise<void> {
  await onSchedule(1000 / readsPerSecond, () => reads.count(isCounted(), requestMs(readRequest(order))));
}

function isCounted(): boolean {
  return performance.now() >= countFrom;
}

/** Lets a turn begin every `gapMs` until the end, and waits for the last ones. */
async function onSchedule(gapMs: number, take: (turn: number) => Promise<void>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (let turn = 0; startedAt + turn * gapMs < endAt; turn++) {
    const waitMs = startedAt + turn * gapMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const taken = take(turn);
    underWay.add(taken);
    void taken.finally(() => underWay.delete(taken));
  }
  await Promise.all(underWay);
}

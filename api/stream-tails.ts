/** Waiting for the end of an event stream to move on: one poller per stream, shared by everybody who waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EventLog } from '../store/store.ts';

/** A stream that says something will soon say more; one that is silent may be so for hours. */
const [livelyPollMs, silentPollMs] = [40, 200];
const livelyForMs = 5_000;

export interface StreamTails {
  /**
   * Resolves `true` once the stream has an event after `after`, `false` after `timeoutMs` or when `signal` aborts.
   * The caller then reads at its own pace: nothing is buffered for a slow one, so nothing is lost or sent twice.
   */
  waitBeyond(stream: string, after: number, options: { timeoutMs: number; signal: AbortSignal }): Promise<boolean>;
}

interface Tail {
  /** The poller looks behind this event; never beyond what anybody waits for. */
  after: number;
  /** When it last had news, or was opened; by `performance.now()`. */
  newsAt: number;
  waiters: Set<Waiter>;
}

interface Waiter {
  after: number;
  settle: (hasNews: boolean) => void;
}

/** Polls only streams that somebody waits on. */
export function createStreamTails(events: Pick<EventLog, 'read'>, log: Logger): StreamTails {
  const tails = new Map<string, Tail>();

  function join(stream: string, waiter: Waiter): Tail {
    const tail = tails.get(stream);
    if (!tail) return open(stream, waiter);
    tail.waiters.add(waiter);
    tail.after = Math.min(tail.after, waiter.after);
    return tail;
  }

  function open(stream: string, waiter: Waiter): Tail {
    const tail: Tail = { after: waiter.after, newsAt: performance.now(), waiters: new Set([waiter]) };
    tails.set(stream, tail);
    void poll(stream, tail);
    return tail;
  }

  async function poll(stream: string, tail: Tail): Promise<void> {
    while (tail.waiters.size > 0) {
      await look(stream, tail).catch((error: unknown) =>
        log.warn({ err: error, stream }, 'cannot read an event stream'),
      );
      await sleep(performance.now() - tail.newsAt < livelyForMs ? livelyPollMs : silentPollMs);
    }
    tails.delete(stream);
  }

  async function look(stream: string, tail: Tail): Promise<void> {
    const newest = (await events.read(stream, { after: tail.after, limit: 100 })).at(-1);
    if (!newest) return;
    tail.after = newest.seq;
    tail.newsAt = performance.now();
    for (const waiter of tail.waiters) if (waiter.after < newest.seq) waiter.settle(true);
  }

  return {
    waitBeyond(stream, after, { timeoutMs, signal }) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const waiter: Waiter = { after, settle: resolve };
      const giveUp = (): void => resolve(false);
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener('abort', giveUp, { once: true });
      const tail = join(stream, waiter);
      if (signal.aborted) giveUp();
      return promise.finally(() => {
        tail.waiters.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      });
    },
  };
}

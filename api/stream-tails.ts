/** The end of an event stream, as it moves on: one poller per stream reads for everybody who waits there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EventLog, StoredEvent } from '../store/store.ts';

/** A stream that says something will soon say more; one that is silent may be so for hours. */
const [livelyPollMs, silentPollMs] = [40, 200];
const livelyForMs = 5_000;

/** Events read at once. */
const pageEvents = 500;

export type News = readonly StoredEvent[];

export interface StreamTails {
  /**
   * Resolves with events that follow `after`, the next ones, as soon as there are any; with none after `timeoutMs` or when `signal`
   * aborts. Whoever waits at the end gets the same objects as all others; who is behind it reads for himself. The caller
   * comes back at its own pace: nothing is buffered for a slow one, so nothing is lost or sent twice.
   */
  newsBeyond(stream: string, after: number, options: { timeoutMs: number; signal: AbortSignal }): Promise<News>;
}

interface Tail {
  /** The poller looks behind this event. */
  after: number;
  /** When it last had news, or was opened; by `performance.now()`. */
  newsAt: number;
  waiters: Set<Waiter>;
}

interface Waiter {
  after: number;
  settle: (news: News) => void;
}

/** Polls only streams that somebody waits on. */
export function createStreamTails(events: Pick<EventLog, 'read'>, log: Logger): StreamTails {
  const tails = new Map<string, Tail>();

  function open(stream: string, after: number): Tail {
    const tail: Tail = { after, newsAt: performance.now(), waiters: new Set() };
    tails.set(stream, tail);
    void poll(stream, tail);
    return tail;
  }

  async function poll(stream: string, tail: Tail): Promise<void> {
    do {
      const isMore = await look(stream, tail).catch((error: unknown) => {
        log.warn({ err: error, stream }, 'cannot read an event stream');
        return false;
      });
      const isLively = performance.now() - tail.newsAt < livelyForMs;
      if (!isMore) await sleep(isLively ? livelyPollMs : silentPollMs);
    } while (tail.waiters.size > 0);
    tails.delete(stream);
  }

  /** Whether there is more than it has read. */
  async function look(stream: string, tail: Tail): Promise<boolean> {
    const page = await events.read(stream, { after: tail.after, limit: pageEvents });
    const newest = page.at(-1);
    if (!newest) return false;
    Object.assign(tail, { after: newest.seq, newsAt: performance.now() });
    for (const { after, settle } of tail.waiters) {
      const news = after < (page[0]?.seq ?? 0) ? page : page.filter(({ seq }) => seq > after);
      if (news.length > 0) settle(news);
    }
    return page.length === pageEvents;
  }

  return {
    async newsBeyond(stream, after, { timeoutMs, signal }) {
      if (signal.aborted) return [];
      const tail = tails.get(stream) ?? open(stream, after);
      if (after < tail.after) return await events.read(stream, { after, limit: pageEvents });

      const { promise, resolve } = Promise.withResolvers<News>();
      const waiter: Waiter = { after, settle: resolve };
      const giveUp = (): void => resolve([]);
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener('abort', giveUp, { once: true });
      tail.waiters.add(waiter);
      return await promise.finally(() => {
        tail.waiters.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      });
    },
  };
}

/** What a request to the fake cloud is, and what it gets. */
import type { Query } from './listing.ts';
import type { FakeState } from './state.ts';

export interface Answer {
  status: number;
  body?: object;
}

/** Answers a request, or throws a `Refusal`. */
export type Route = (state: FakeState, request: { id: number; query: Query; body: unknown }) => Answer;

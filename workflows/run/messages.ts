/** What arrives about a run, noted down. Nothing is done here: the main line acts on what it finds noted. */
import type { CancelRequest, GivenTurn, HeldPlace } from '../contract/run.ts';
import { failure } from './failure.ts';
import type { Run } from './run.ts';

export function noteTurn(run: Run, turn: GivenTurn): void {
  run.turn ??= turn;
}

/** A place that was asked for before the run moved is nobody's any more. */
export function notePlace(run: Run, place: HeldPlace): void {
  if (place.hold === run.holds) run.place ??= place;
}

/** The first reason stays. Once the end is decided, a wish that comes as a signal is too late. */
export function noteCancel(run: Run, { reason }: CancelRequest): void {
  if (run.outcome === null) run.cancelReason ??= reason;
}

/** Fails with `InvalidState` when the run's end is decided and is another one. Synchronous: validators are not awaited. */
export function checkCancellable({ outcome }: Run): void {
  if (outcome === null || outcome === 'cancelled') return;
  throw failure('InvalidState', `This run has ${outcome}: it cannot be cancelled any more.`);
}

/** How long a repository's server may be away while a run waits for its clone. */
import type { ApplicationFailure } from '@temporalio/common';
import { failureNameOf } from './failures.ts';
import { finalAfter } from './patience.ts';

/** A server that is started anew, or a network that comes back. */
const serverMs = 5 * 60_000;

/** A name without an address is nearly always a typing error; what ails a resolver is over within seconds. */
const nameMs = 30_000;

/** Runs the work; once its tries have taken too long, `RepositoryUnreachable` is final. */
export async function withPatience<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (failureNameOf(error) !== 'RepositoryUnreachable') throw error;
    const unreachable = error as ApplicationFailure;
    throw finalAfter(/could not resolve host/i.test(unreachable.message) ? nameMs : serverMs, unreachable);
  }
}

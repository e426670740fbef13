/** How long a repository's server may be away while a run waits for its clone, with a place on a runner that others wait for. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureNameOf } from './failures.ts';

/** A server that is started anew, or a network that comes back. */
const serverMs = 5 * 60_000;

/** A name without an address is nearly always a typing error; what ails a resolver is over within seconds. */
const nameMs = 30_000;

/** Runs the work; once its tries have taken too long, `RepositoryUnreachable` is final. */
export async function withPatience<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw failureNameOf(error) === 'RepositoryUnreachable' ? perhapsFinal(error as ApplicationFailure) : error;
  }
}

function perhapsFinal(failure: ApplicationFailure): ApplicationFailure {
  const { message, type } = failure;
  const patienceMs = /could not resolve host/i.test(message) ? nameMs : serverMs;
  const isOver = Date.now() - activityInfo().scheduledTimestampMs >= patienceMs;
  return isOver ? ApplicationFailure.nonRetryable(message, type) : failure;
}

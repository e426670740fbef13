/** Runs what it is given one after the other, in the order of asking; one that fails holds up nobody. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A queue of its own. */
export function createTurns(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

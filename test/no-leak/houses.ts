/** Several houses, each in a process of its own: the fake clouds and the worker of one keep one core busy. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { House } from './house.ts';
import type { Outcome } from './invariants.ts';
import type { Schedule } from './schedule.ts';

const program = fileURLToPath(new URL('house-program.ts', import.meta.url));

/** As many as there are cores; they share the schedules out among themselves. */
export function openHouses(): House {
  const cleanUp = new AsyncDisposableStack();
  const houses = Array.from({ length: availableParallelism() }, () => cleanUp.use(openLastingHouse()));
  return {
    async play(schedules) {
      const shares = houses.map((house, share) => {
        const its = schedules.filter((_schedule, index) => index % houses.length === share);
        return its.length > 0 ? house.play(its) : Promise.resolve([]);
      });
      const played = await Promise.all(shares);
      return schedules.map((_schedule, index) => {
        const outcome = played[index % houses.length]?.[Math.floor(index / houses.length)];
        if (!outcome) throw new Error(`schedule ${index} came to nothing`);
        return outcome;
      });
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

/** So many servers may fail before somebody has to look. */
const mostFaults = 5;

/** A house whose place another takes when its server fails, for the schedules that were cut off. */
function openLastingHouse(): House {
  let house = openHouseProcess();
  let faults = 0;

  async function play(schedules: readonly Schedule[]): Promise<Outcome[]> {
    const played = await house.play(schedules);
    const cutOff = schedules.filter((_schedule, index) => !played[index]);
    if (cutOff.length === 0) return played as Outcome[];
    await moveOut(cutOff.length);
    const anew = await play(cutOff);
    return played.flatMap((outcome) => outcome ?? anew.shift() ?? []);
  }

  async function moveOut(count: number): Promise<void> {
    console.error(`A time-skipping server failed by its known fault; ${count} schedules are played anew.`);
    if (++faults > mostFaults) throw new Error('the time-skipping server fails again and again');
    await house[Symbol.asyncDispose]();
    house = openHouseProcess();
  }

  return { play, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

function openHouseProcess(): House<Outcome | undefined> {
  // What makes this process run tests must not make that one run any.
  const child = fork(program, { execArgv: [], serialization: 'advanced', detached: true });
  const ended = once(child, 'exit');
  const death = ended.then(([code]) => Promise.reject(new Error(`a house ended with ${code}`)));
  death.catch(() => undefined);
  return {
    async play(schedules) {
      const answer = once(child, 'message');
      child.send(schedules);
      const [outcomes] = (await Promise.race([answer, death])) as [(Outcome | undefined)[]];
      return outcomes;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

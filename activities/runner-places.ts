/** The places of a runner, counted over everything that takes one. */
import { EventEmitter, once } from 'node:events';
import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

export interface RunnerPlaces {
  /** Gives the worker of the shared queue a slot for each free place: a runner that is full asks for no run. */
  readonly slots: CustomSlotSupplier<ActivitySlotInfo>;
  /** A run has a place here that no slot was given for: it came back to this runner, or its container was found. */
  takeBack(runId: string): void;
  /** Nothing of the run is here any more: who holds its place lets go, and it is free. */
  free(runId: string): void;
  /** Resolves when the run's place is freed; rejects when `signal` aborts. */
  untilFree(runId: string, signal: AbortSignal): Promise<void>;
}

/** A runner with so many places. */
export function createRunnerPlaces(places: number): RunnerPlaces {
  const slots = new Set<SlotPermit>();
  const takenBack = new Set<string>();
  const freed = new EventEmitter().setMaxListeners(0);
  const changed = new EventEmitter().setMaxListeners(0);
  const hasRoom = () => slots.size + takenBack.size < places;

  function reserve(): SlotPermit {
    const permit = {};
    slots.add(permit);
    return permit;
  }

  return {
    slots: {
      type: 'custom',
      async reserveSlot(_context, signal) {
        while (!hasRoom()) await once(changed, 'changed', { signal }).catch(() => signal.throwIfAborted());
        return reserve();
      },
      tryReserveSlot: () => (hasRoom() ? reserve() : null),
      markSlotUsed: () => undefined,
      releaseSlot({ permit }) {
        slots.delete(permit);
        changed.emit('changed');
      },
    },
    takeBack: (runId) => void takenBack.add(runId),
    free(runId) {
      takenBack.delete(runId);
      freed.emit(runId);
      changed.emit('changed');
    },
    async untilFree(runId, signal) {
      await once(freed, runId, { signal });
    },
  };
}

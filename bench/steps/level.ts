/** A way to run the same work, to be compared with another. */
export interface Level extends AsyncDisposable {
  /** One workflow of so many activities that do nothing, from its start to its result. */
  runChain(steps: number): Promise<unknown>;
  /** One workspace from its creation over its readiness to its stop. */
  runLife(): Promise<unknown>;
}

/** Milestones of lives, awaited in the process that plays their activities. */
export interface Milestones {
  heard: (stream: string, type: string) => void;
  reached: (stream: string, type: string) => Promise<void>;
}

export function createMilestones(): Milestones {
  const waiting = new Map<string, () => void>();
  return {
    heard(stream, type) {
      waiting.get(`${stream} ${type}`)?.();
      waiting.delete(`${stream} ${type}`);
    },
    reached: (stream, type) => new Promise((resolve) => void waiting.set(`${stream} ${type}`, resolve)),
  };
}

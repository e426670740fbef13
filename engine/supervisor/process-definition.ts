/** One process that the supervisor keeps running. */
export interface ProcessDefinition {
  /** Names its run record and its log file. */
  name: string;
  command: string;
  args: string[];
  /** The whole environment: nothing is inherited, so that each process sees only the secrets it needs. */
  env: NodeJS.ProcessEnv;
  /** Our own programs hold an IPC channel to the supervisor and exit when it closes, so they never outlive it. */
  exitsWithSupervisor: boolean;
  /** How long it may take to end by itself after SIGTERM. */
  drainMs: number;
  /** Runs once before the first start; rejects when the process could not work, e.g. since its port is taken. */
  prepare?(): Promise<void>;
  /** Resolves once it serves, whatever that means for it; the next process starts only then. */
  untilReady?(signal: AbortSignal): Promise<void>;
}

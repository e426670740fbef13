/** What a run asks of others, step by step. Any step may be asked for again: it finds what is there and goes on from that. */
import type { AgentEnding } from './run-events.ts';
import type { RunInput, SessionCheckpoint, UnpublishedWork } from './run.ts';

/** The steps that need a runner: a machine with an engine. They go to the queue of the one that holds the run's place. */
export interface RunnerSteps {
  /** Takes a place, tells the run by `placeHeld`, and keeps it until the run's remains are removed here, or it is cancelled. */
  holdRunner: (request: HoldRequest) => Promise<void>;
  /**
   * Opens the run's way out, with the run's own token, then finds its container or makes it, and sees to it that it runs or has ended.
   * The agent begins when its job is written. Fails with `CredentialRefused`, before any container, if the model's provider says no.
   */
  ensureAgentContainer: (order: DoorOrder) => Promise<void>;
  /** Waits until the agent's end is told in the stream, or its container is found dead before. */
  waitForAgent: (run: RunName) => Promise<AgentExit>;
  /** Ends the agent within seconds, and lets its host hand in what there is. One that has ended is fine. */
  stopAgent: (run: RunName) => Promise<void>;
  /** How the work of an agent ended that did not come to its end; collects itself what it left if its host could not. */
  collectResults: (run: RunName) => Promise<AgentEnding>;
  /** Removes container, volume and door, until the engine shows none of them. */
  removeRunRemains: (run: RunName) => Promise<void>;
}

/** The steps that any worker of the control plane can carry out. */
export interface RunUpkeepSteps {
  /** Fails with `SecretMissing` or `CredentialRefused` if the run could not work with what it names, as far as this can be known. */
  checkCredentials: (run: Pick<RunInput, 'agent' | 'modelCredential' | 'repository'>) => Promise<void>;
  /** Writes down what the agent host is to do, and puts the files there that it needs. */
  writeJob: (order: JobOrder) => Promise<void>;
  /** Keeps what the session goes on from, if the store still has a record of it. */
  saveSession: (order: SessionOrder) => Promise<void>;
  /** What the session goes on from; `null` when there is nothing yet. Fails with `CheckpointUnreadable`. */
  readCheckpoint: (session: { sessionId: string }) => Promise<SessionCheckpoint | null>;
  /** Closes the run's door for every runner, and forgets its token. */
  forgetRun: (run: RunName) => Promise<void>;
  /** Returns when the run has ended, however. */
  waitForRun: (run: RunName) => Promise<void>;
}

export interface RunName {
  runId: string;
}

export interface HoldRequest extends RunName {
  hold: number;
}

export interface DoorOrder extends RunName {
  agent: RunInput['agent'];
  modelCredential: string | null;
  limits: Pick<RunInput['limits'], 'tokens' | 'costMicros'>;
}

export type AgentExit = { kind: 'ended'; ending: AgentEnding } | { kind: 'lost'; because: string };

export interface JobOrder extends Pick<RunInput, 'runId' | 'sessionId' | 'agent' | 'options' | 'limits'> {
  repository: { archive: string; branch: string; baseCommit: string } | null;
  /** How the folder is called that the agent works in. */
  directory: string;
  conversation: SessionCheckpoint['conversation'];
  /** What the turn before left; the run's repository is the one that it builds on. */
  unpublished: UnpublishedWork | null;
}

export interface SessionOrder extends Pick<RunInput, 'runId' | 'sessionId'> {
  checkpoint: SessionCheckpoint;
}

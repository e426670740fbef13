/** What runs leave traces in, in memory: engines with containers, doors, a repository, sessions. */
import type { AgentEnding } from '../../../workflows/contract/run-events.ts';
import type { AgentExit, JobOrder, SessionOrder } from '../../../workflows/contract/run-steps.ts';

export interface RunWorld {
  containers: Map<string, Container>;
  /** Run → host at which it has a door. */
  doors: Map<string, string>;
  /** Host → runs that hold a place there, and the most that ever did at once. */
  held: Map<string, Set<string>>;
  mostHeld: number;
  jobs: Map<string, JobOrder>;
  sessions: Map<string, SessionOrder>;
  /** Branch → commits, oldest first. */
  branches: Map<string, string[]>;
  /** Branch → its pull request, and the run that opened it. */
  pulls: Map<string, { number: number; base: string | null; openedBy: string }>;
  /** Every step that was taken, as `step runId`. */
  journal: string[];
  /** Runs in the order in which their agents began. */
  began: string[];
  script: RunScript;
}

export interface RunScript {
  /** Called before a step has its effect, and after it; throw or wait to misbehave. */
  before?: (step: string, runId: string) => Promise<void> | void;
  after?: (step: string, runId: string) => Promise<void> | void;
  /** How agents end by themselves; `null` for those that work until the test ends them. */
  agent?: ((runId: string) => Partial<AgentEnding> | null) | undefined;
}

export interface Container {
  hostId: string;
  ending: AgentEnding | null;
  exit: PromiseWithResolvers<AgentExit>;
}

export function newRunWorld(): RunWorld {
  return {
    ...{ containers: new Map(), doors: new Map(), held: new Map(), mostHeld: 0, jobs: new Map(), sessions: new Map() },
    branches: new Map([['main', ['commit-0']]]),
    pulls: new Map(),
    ...{ journal: [], began: [], script: {} },
  };
}

/** An ending as most are. */
export function ending(differences: Partial<AgentEnding> = {}): AgentEnding {
  return {
    ...{ outcome: 'completed', reason: null, providerSessionId: 'conversation-1', text: 'Done.' },
    usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.25 },
    files: ['result.bundle', 'session.tar'],
    leftOut: [],
    ...differences,
  };
}

/** The agent of this run ends, as it says. */
export function endAgent({ containers }: RunWorld, runId: string, differences: Partial<AgentEnding> = {}): void {
  const container = containers.get(runId);
  if (!container || container.ending) return;
  container.ending = ending(differences);
  container.exit.resolve({ kind: 'ended', ending: container.ending });
}

/** Its container is gone from one moment to the next. */
export function loseContainer({ containers }: RunWorld, runId: string, because: string): void {
  containers.get(runId)?.exit.resolve({ kind: 'lost', because });
  containers.delete(runId);
}

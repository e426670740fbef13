/** What an agent host is told to do. A trusted part of the control plane makes it; the door hands it out. */

export type ContentBlock = TextBlock | ImageBlock;

export interface TextBlock {
  type: 'text';
  text: string;
}

export interface ImageBlock {
  type: 'image';
  source: { type: 'base64'; media_type: string; data: string };
}

export interface AgentOptions {
  model?: string;
  /** `bypassPermissions` unless said otherwise: the container is the fence. */
  permissionMode?: string;
  maxTurns?: number;
  /** Variables for the agent and its tools. The host's own win over them. */
  env?: Record<string, string>;
  /** The program and its arguments, for agents that are any program. */
  command?: string[];
}

export interface Repository {
  /** A file of the run: a tar of a bare repository, or a git bundle. */
  archive: string;
  /** The branch that the agent works on, made at `baseCommit`. */
  branch: string;
  baseCommit: string;
}

export interface JobLimits {
  /** Time that the agent may work. */
  minutes: number;
  /** What the volume may hold. */
  diskMegabytes?: number;
  /** A changed file that is bigger is left out of the result. */
  fileMegabytes?: number;
  /** All changed files together; the biggest are left out beyond it. */
  resultMegabytes?: number;
  /** The least time between two checkpoints. */
  checkpointSeconds?: number;
}

export interface Job {
  runId: string;
  sessionId: string;
  /** A name of an agent, as people write it. */
  agent: string;
  prompt: ContentBlock[];
  options: AgentOptions;
  repository: Repository | null;
  /** How the folder is called that the agent works in; empty or missing for the one without a name. */
  directory?: string;
  /** The conversation to go on with, and the file of the run that holds it. */
  resume: { providerSessionId: string; archive: string } | null;
  /**
   * A file of the run with what an earlier turn left and nobody published: its `result.bundle`, or its `checkpoint.tar` if
   * it never came to its end. It must build on the base commit; then the files are there again, and are part of this turn's
   * result. The conversation in a checkpoint goes on, too.
   */
  unpublished?: string;
  limits: JobLimits;
}

/** What the agent is to do, the same with Pawl and without. */
export interface AgentWork {
  modelUrl: string;
  /** Names a script of the model. */
  prompt: string;
  /** Cloned before the agent starts; `null` for a run without one. */
  repoUrl: string | null;
  /** How often the script has it use a tool. */
  toolCalls: number;
}

import { randomInt, randomUUID } from 'node:crypto';

/** Everything about a new run that is random or of the moment; a repeated request starts from the same plan. */
export interface RunPlan {
  runId: string;
  /** For a request that names none. */
  sessionId: string;
  /** ISO 8601, UTC: when it was planned. A request that was refused may be accepted much later, when it is repeated. */
  createdAt: string;
}

/** A fresh plan, as text. */
export function planRun(): string {
  const plan: RunPlan = { runId: newRunId(), sessionId: randomUUID(), createdAt: new Date().toISOString() };
  return JSON.stringify(plan);
}

export function readRunPlan(text: string): RunPlan {
  return JSON.parse(text) as RunPlan;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Of 36¹⁰ ids, two in a million runs are the same once in some thousand installations. */
function newRunId(): string {
  return `run-${Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('')}`;
}

/** What a run may do through its door, as its order says. */
import { agents } from '../agent-host/agents/index.ts';
import { DoorPolicy } from '../store/door-policy.ts';
import type { DoorOrder } from '../workflows/contract/run-steps.ts';

/** The agent's own model API under the run's credential, within the run's budget; an agent that speaks any has no model. */
export function doorPolicyOf({ agent, modelCredential, limits }: Omit<DoorOrder, 'runId'>): DoorPolicy {
  const model = modelOf(agent);
  return DoorPolicy.parse({
    models: model === null ? {} : { [model]: modelCredential },
    budget: { tokens: limits.tokens, costMicros: limits.costMicros },
  });
}

/** Which model API the agent speaks; `null` needs no credential. */
export function modelOf(agent: DoorOrder['agent']): 'anthropic' | 'openai' | 'google' | null {
  return agents.find(({ id }) => id === agent)?.model ?? null;
}

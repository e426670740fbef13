/** What a run may do through its door, as its order says. */
import { agents } from '../agent-host/agents/index.ts';
import type { ModelApi } from '../agent-host/agents/agent.ts';
import { kindsFor, modelCredentialKinds } from '../store/credential-value.ts';
import { DoorPolicy } from '../store/door-policy.ts';
import type { CredentialInfo } from '../store/gateway.ts';
import type { DoorOrder } from '../workflows/contract/run-steps.ts';

/** The model APIs of the agent under the run's credentials, within the run's budget. `stored`: what credentials there are. */
export function doorPolicyOf(
  { agent, modelCredential, limits }: Omit<DoorOrder, 'runId'>,
  stored: readonly Pick<CredentialInfo, 'name' | 'kind'>[],
): DoorPolicy {
  const model = modelOf(agent);
  return DoorPolicy.parse({
    models: model === null ? anyModels(modelCredential, stored) : { [model]: modelCredential },
    budget: { tokens: limits.tokens, costMicros: limits.costMicros },
  });
}

/** Which model API the agent speaks; `null` if that is not known, and may be any or none. */
export function modelOf(agent: DoorOrder['agent']): ModelApi | null {
  return agents.find(({ id }) => id === agent)?.model ?? null;
}

/**
 * For a program that may speak any API: a credential that was named opens its own API alone. Without one, each API is called with
 * the one that is called like it, as agents with a known API are; where there is none, the endpoint may want none.
 */
function anyModels(named: string | null, stored: Parameters<typeof doorPolicyOf>[1]): DoorPolicy['models'] {
  const apis = Object.keys(modelCredentialKinds) as ModelApi[];
  const entries = apis.flatMap((api) => {
    const found = stored.find(({ name, kind }) => name === (named ?? api) && kindsFor(api).includes(kind));
    return found || named === null ? [[api, found?.name ?? null]] : [];
  });
  return Object.fromEntries(entries) as DoorPolicy['models'];
}

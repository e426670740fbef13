/** A call to a model: the run's token comes in, the real credential goes out, the answer streams through and is counted. */
import { randomUUID } from 'node:crypto';
import type { Visit } from '../http/door-handler.ts';
import { tellRun } from '../run-events.ts';
import { hasBudget, spentBudget, wordsOfSpent } from './budget.ts';
import { openCallRecord } from './call-record.ts';
import { chooseCredential } from './credential-choice.ts';
import type { ModelTarget } from './index.ts';
import { answerModelError, asModelError } from './model-errors.ts';
import { ModelRefusal } from './model-refusal.ts';
import { readModelRequest } from './model-request.ts';
import { passOn } from './pass-on.ts';

/** Agents with many helpers make a dozen calls at once. Far more would be a way around the budget, which is looked at before. */
const callsAtOnce = 32;

/** Answers the visit with what the model says, or with an error in the words of its API, on which agents stop cleanly. */
export async function callModel(visit: Visit, target: ModelTarget): Promise<void> {
  const { state, response } = visit;
  state.modelCalls++;
  try {
    await call(visit, target);
  } catch (error) {
    const isOurs = error instanceof ModelRefusal || response.destroyed;
    state.log[isOurs ? 'debug' : 'warn']({ err: error, api: target.api.id }, 'a call failed');
    answerModelError(response, target.api, asModelError(error));
  } finally {
    state.modelCalls--;
  }
}

async function call(visit: Visit, target: ModelTarget): Promise<void> {
  const { services, state } = visit;
  const { api, route } = target;
  if (state.modelCalls > callsAtOnce) throw new ModelRefusal(429, 'rate', 'Too many calls at once.');
  const credential = await chooseCredential(visit, api);
  if (route.generates) await refuseSpentBudget(visit, target);
  const hasMoneyLimit = route.generates && state.door.policy.budget.costMicros !== null;
  const request = await readModelRequest(visit, target, hasMoneyLimit);
  if (hasMoneyLimit) refuseUnpriced(visit, request.model);
  const { model, sentBytes } = request;
  const newCall = { requestId: randomUUID(), api: api.id, model, sentBytes };
  const record = route.generates ? await openCallRecord(services, state, newCall) : undefined;
  await passOn(visit, target, { request, credential, record });
}

async function refuseSpentBudget({ services, state }: Visit, { api }: ModelTarget): Promise<void> {
  if (!hasBudget(state.door.policy.budget)) return;
  const spent = spentBudget(state.door.policy.budget, await services.store.modelCalls.totals(state.door.runId));
  if (!spent) return;
  services.metrics.budgetRefusals.inc({ api: api.id });
  await tellRun(services, state, { key: 'budget-spent', type: 'budget.spent', data: { ...spent } });
  throw new ModelRefusal(402, 'budget', wordsOfSpent(spent));
}

/** What costs nobody knows how much would pass every limit of money. */
function refuseUnpriced({ services }: Visit, model: string | null): void {
  if (model !== null && services.priceOf(model)) return;
  const which = model === null ? 'a call that names no model' : `the model ${model}`;
  const words = `This run has a limit of money, and the price of ${which} is not known. MODEL_PRICES can tell it.`;
  throw new ModelRefusal(403, 'permission', words);
}

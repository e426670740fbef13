/** The account of one call to a model: opened before it is made, so that no call goes uncounted, whatever dies. */
import pRetry from 'p-retry';
import type { ModelCall } from '../../store/gateway.ts';
import type { DoorState } from '../doors/door-state.ts';
import { tellRun } from '../run-events.ts';
import type { Services } from '../services.ts';
import type { Reading, UsedTokens } from './model-api.ts';
import { costMicros } from './prices.ts';

/** English text and code have about four characters a token. Used only for what a provider did not say. */
const charactersPerToken = 4;

export interface CallRecord {
  /** Takes in what a message says. The first counts are written down at once, for the case that no others follow. */
  hear(reading: Reading): void;
  /** Writes the account, once. A call that ended before its provider told the use is estimated from what went by. */
  settle(): Promise<void>;
  /** Writes that the call was refused, and cost nothing. */
  settleUnused(): Promise<void>;
}

export interface NewCall {
  requestId: string;
  api: string;
  /** As the request says; what the answer says counts more. */
  model: string | null;
  /** Length of the request, as far as it is known by now. */
  sentBytes(): number;
}

/** Opens the account with an estimate of what is sent. Rejects when it cannot be written: then the call must not be made. */
export async function openCallRecord(services: Services, state: DoorState, call: NewCall): Promise<CallRecord> {
  const tokens: UsedTokens = {
    input: estimate(call.sentBytes()),
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    cacheWriteLong: 0,
  };
  let { model } = call;
  let characters = 0;
  let isFinal = false;
  let hasCounts = false;
  let written: Promise<void>;
  let settled: Promise<void> | undefined;

  function account(): ModelCall {
    const { input, output, cacheRead, cacheWrite } = tokens;
    const counts = { input, output, cacheRead, cacheWrite };
    const price = model === null ? undefined : services.priceOf(model);
    const cost = price ? costMicros(price, tokens) : null;
    const { runId } = state.door;
    return { runId, requestId: call.requestId, api: call.api, model, tokens: counts, costMicros: cost, isFinal };
  }

  /** One after the other: what is known later must also be written later. */
  function write(): Promise<void> {
    const now = account();
    written = written.catch(() => undefined).then(() => persist(services, now));
    written.catch(() => undefined);
    return written;
  }

  async function settleOnce(): Promise<void> {
    if (!hasCounts) tokens.input = estimate(call.sentBytes());
    if (!isFinal) tokens.output = Math.max(tokens.output, estimate(characters));
    await write();
    countTokens(services, call.api, tokens);
    if (isFinal && model !== null && account().costMicros === null) await tellUnpriced(services, state, model);
  }

  written = services.store.modelCalls.record(account());
  await written;
  return {
    hear(reading) {
      const isFirst = !hasCounts && reading.counts !== undefined;
      hasCounts ||= isFirst;
      model = reading.model ?? model;
      characters += reading.characters ?? 0;
      Object.assign(tokens, reading.counts);
      isFinal ||= reading.isLast ?? false;
      if (isFirst && !isFinal) void write();
    },
    settle: () => (settled ??= settleOnce()),
    settleUnused() {
      Object.assign(tokens, { input: 0, output: 0 });
      isFinal = true;
      return (settled ??= write());
    },
  };
}

/** The record has a name of its own, so repeating the write is harmless. */
async function persist({ store, log }: Services, call: ModelCall): Promise<void> {
  const onFailedAttempt = ({ error }: { error: Error }) => log.warn({ err: error }, 'a call could not be counted yet');
  await pRetry(() => store.modelCalls.record(call), { retries: 5, minTimeout: 50, onFailedAttempt });
}

function estimate(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

function countTokens({ metrics }: Services, api: string, tokens: UsedTokens): void {
  for (const kind of ['input', 'output', 'cacheRead', 'cacheWrite'] as const) {
    metrics.tokens.inc({ api, kind }, tokens[kind]);
  }
}

/** A budget of money does not see these calls; somebody should know. */
async function tellUnpriced(services: Services, state: DoorState, model: string): Promise<void> {
  await tellRun(services, state, { key: `unpriced:${model}`, type: 'model.unpriced', data: { model } });
}

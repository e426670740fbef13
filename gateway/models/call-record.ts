/** The account of one call to a model: opened before it is made, so that no call goes uncounted, whatever dies. */
import pRetry from 'p-retry';
import type { ModelCall } from '../../store/gateway.ts';
import type { DoorState } from '../doors/door-state.ts';
import { tellRun } from '../run-events.ts';
import type { Services } from '../services.ts';
import { createTurns } from '../turns.ts';
import type { Reading, UsedTokens } from './model-api.ts';
import { costMicros } from './prices.ts';

/** English text and code have about four characters a token. Used only for what a provider did not say. */
const charactersPerToken = 4;

/** An answer that is over within this time needs no write in the middle. */
const firstNoteMs = 250;

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
  const record = new CallRecord(services, state, call);
  await services.store.modelCalls.record(record.account());
  return record;
}

export class CallRecord {
  readonly #services: Services;
  readonly #state: DoorState;
  readonly #call: NewCall;
  readonly #tokens: UsedTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
  /** What is known later must also be written later. */
  readonly #takeTurn = createTurns();
  #model: string | null;
  #characters = 0;
  #hasCounts = false;
  #isFinal = false;
  #firstNote: NodeJS.Timeout | undefined;
  #settled: Promise<void> | undefined;

  constructor(services: Services, state: DoorState, call: NewCall) {
    this.#services = services;
    this.#state = state;
    this.#call = call;
    this.#model = call.model;
    this.#tokens.input = estimate(call.sentBytes());
  }

  /** Takes in what a message says. The first counts are written down soon, for the case that no others follow. */
  hear({ model, counts, characters = 0, isLast = false }: Reading): void {
    this.#model = model ?? this.#model;
    this.#characters += characters;
    this.#isFinal ||= isLast;
    if (!counts) return;
    Object.assign(this.#tokens, counts);
    const isFirst = !this.#hasCounts;
    this.#hasCounts = true;
    if (isFirst && !isLast) this.#firstNote = setTimeout(() => void this.#write().catch(() => undefined), firstNoteMs);
  }

  /** Writes the account, once. A call that ended before its provider told the use is estimated from what went by. */
  settle(): Promise<void> {
    return (this.#settled ??= this.#settle());
  }

  /** Writes that the call was refused, and cost nothing. */
  settleUnused(): Promise<void> {
    Object.assign(this.#tokens, { input: 0, output: 0 });
    this.#isFinal = true;
    return (this.#settled ??= this.#write());
  }

  /** What is known by now. */
  account(): ModelCall {
    const { input, output, cacheRead, cacheWrite } = this.#tokens;
    const { requestId, api } = this.#call;
    return {
      ...{ runId: this.#state.door.runId, requestId, api, model: this.#model },
      tokens: { input, output, cacheRead, cacheWrite },
      costMicros: this.#cost(),
      isFinal: this.#isFinal,
    };
  }

  /** An answer may know its model by a name that no list has. */
  #cost(): number | null {
    const names = [this.#model, this.#call.model].filter((name) => name !== null);
    const price = names.map(this.#services.priceOf).find((known) => known !== undefined);
    return price ? costMicros(price, this.#tokens) : null;
  }

  async #settle(): Promise<void> {
    clearTimeout(this.#firstNote);
    if (!this.#hasCounts) this.#tokens.input = estimate(this.#call.sentBytes());
    if (!this.#isFinal) this.#tokens.output = Math.max(this.#tokens.output, estimate(this.#characters));
    await this.#write();
    for (const kind of ['input', 'output', 'cacheRead', 'cacheWrite'] as const) {
      this.#services.metrics.tokens.inc({ api: this.#call.api, kind }, this.#tokens[kind]);
    }
    if (this.#isFinal && this.#model !== null && this.#cost() === null) await this.#tellUnpriced(this.#model);
  }

  /** The record has a name of its own, so repeating the write is harmless. */
  #write(): Promise<void> {
    const { store, log } = this.#services;
    const account = this.account();
    const onFailedAttempt = ({ error }: { error: Error }) =>
      log.warn({ err: error }, 'a call could not be counted yet');
    return this.#takeTurn(() =>
      pRetry(() => store.modelCalls.record(account), { retries: 5, minTimeout: 50, onFailedAttempt }),
    );
  }

  /** A budget of money does not see these calls; somebody should know. */
  async #tellUnpriced(model: string): Promise<void> {
    const event = { key: `unpriced:${model}`, type: 'model.unpriced', data: { model } };
    await tellRun(this.#services, this.#state, event);
  }
}

function estimate(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

/** The words of callbacks: messages that Pawl sends to a URL when something happened. No behaviour. */
import { defineSignal } from '@temporalio/workflow';

export const callbackStatuses = ['pending', 'delivered', 'failed'] as const;
/** Of the newest delivery: `failed` was given up, after a day or because the receiver wants no more. */
export type CallbackStatus = (typeof callbackStatuses)[number];

/** The workflow id of a callback's delivery. */
export function callbackWorkflowId(callbackId: string): string {
  return `callback:${callbackId}`;
}

/** A message to be delivered. No secret is among it: the signing ones are named by their signer. */
export interface CallbackOrder {
  /** `cb-…`. The receiver sees it as `webhook-id`, the same in every repeat, so it is derived from what happened. */
  id: string;
  /** What it is about, e.g. `run:run-k3x9a1b2c3`. */
  subject: string;
  /** What happened, e.g. `run.completed`. */
  type: string;
  url: string;
  /** Whose secrets sign it; see `callbackSecretNames`. */
  signer: string;
  /** Becomes the message's `data`. */
  data: unknown;
}

export interface CallbackDeliveryInput {
  callbackId: string;
  /** What to deliver; absent when a callback that is known is delivered again. */
  order?: CallbackOrder;
}

/** Deliver at once, and for another day, whatever the delivery is waiting for. */
export const redriveRequestedSignal = defineSignal('redriveRequested');

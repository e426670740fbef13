import { Webhook } from 'standardwebhooks';

/** A message as it is to be signed. */
export interface Unsigned {
  /** The same in every attempt, so that the receiver can tell a repeat. */
  id: string;
  body: string;
  /** Of this attempt: receivers refuse what is old. */
  at: Date;
}

/** The headers of Standard Webhooks, with one signature for each secret: a receiver is content when one of them is right. */
export function signedHeaders({ id, body, at }: Unsigned, secrets: readonly string[]): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Pawl',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

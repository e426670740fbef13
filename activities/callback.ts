/** Telling others what happened, by a signed POST. */
import { post } from '../callbacks/post.ts';
import type { Answer, CallbackWay } from '../callbacks/post.ts';
import { CallbackNotAllowed } from '../callbacks/rules.ts';
import { signedHeaders } from '../callbacks/sign.ts';
import { readSigningSecrets } from '../callbacks/signing-secrets.ts';
import type { Callback } from '../store/callback-log.ts';
import type { Store } from '../store/store.ts';
import type { CallbackOrder } from '../workflows/contract/callback.ts';
import { failure } from './failures.ts';

export interface CallbackDependencies {
  store: Store;
  callbackWay: CallbackWay;
}

/** Larger messages are for a GET, with what the callback tells. */
const maxBodyBytes = 256 * 1024;

/** A receiver that asks for more time than that is asked earlier. */
const maxRetryAfterSeconds = 3600;

export function createCallbackActivities({ store, callbackWay }: CallbackDependencies) {
  /** Writes the callback down, with the very bytes that will be sent. Fails with `CallbackRefused` when it is too large. */
  async function ensureCallback({ data, ...order }: CallbackOrder): Promise<void> {
    const body = JSON.stringify({ type: order.type, timestamp: new Date().toISOString(), data });
    if (Buffer.byteLength(body) > maxBodyBytes) {
      throw failure('CallbackRefused', `A callback may have ${maxBodyBytes} bytes.`);
    }
    await store.callbacks.ensure({ ...order, body });
  }

  /**
   * Sends the callback once, and writes down what came of it: so the receiver gets it at least once, always with the same id.
   * Fails with `CallbackFailed`, which is worth repeating, or with `CallbackRefused`.
   */
  async function sendCallback(callbackId: string): Promise<void> {
    const callback = await store.callbacks.read(callbackId);
    if (!callback) throw failure('CallbackRefused', 'The callback is forgotten.');
    const secrets = await readSigningSecrets(store.secrets, callback.signer);
    const started = performance.now();
    const { statusCode, problem } = await attempt(callback, secrets, callbackWay);
    const latencyMs = Math.round(performance.now() - started);
    await store.callbacks.recordAttempt(callbackId, { statusCode, latencyMs, error: problem?.message ?? null });
    if (problem) throw problem;
  }

  /** Writes down that nobody tries any more. */
  async function giveUpCallback(callbackId: string): Promise<void> {
    await store.callbacks.giveUp(callbackId);
  }

  return { ensureCallback, sendCallback, giveUpCallback };
}

interface Outcome {
  statusCode: number | null;
  problem: ReturnType<typeof failure> | undefined;
}

async function attempt(
  { id, url, body, signer }: Callback & { body: string },
  secrets: string[],
  way: CallbackWay,
): Promise<Outcome> {
  if (secrets.length === 0) {
    return { statusCode: null, problem: failure('SecretMissing', `There is no secret to sign for ${signer}.`) };
  }
  try {
    const headers = signedHeaders({ id, body, at: new Date() }, secrets);
    const answer = await post(url, { headers, body }, way);
    return { statusCode: answer.statusCode, problem: problemOf(answer) };
  } catch (error) {
    return { statusCode: null, problem: problemFor(error) };
  }
}

/** Anything but success is repeated, as receivers are being deployed, except the word for "never again". */
function problemOf({ statusCode, retryAfterSeconds }: Answer): Outcome['problem'] {
  if (statusCode >= 200 && statusCode < 300) return undefined;
  if (statusCode === 410) return failure('CallbackRefused', 'The receiver wants no more callbacks (410).');
  return failure('CallbackFailed', `The receiver answered ${statusCode}.`, {
    ...(retryAfterSeconds && { retryAfterSeconds: Math.min(retryAfterSeconds, maxRetryAfterSeconds) }),
  });
}

function problemFor(error: unknown): Outcome['problem'] {
  if (error instanceof CallbackNotAllowed) return failure('CallbackRefused', error.message);
  return failure('CallbackFailed', `The receiver did not answer (${reasonOf(error)}).`, { cause: error });
}

/** A system's code says as much as its message, which may name addresses. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'out of time';
  return 'code' in error ? String(error.code) : error.name;
}

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import type { IdempotencyKeys } from '../../store/store.ts';
import { Problem } from '../problems.ts';
import type { RequestState } from '../request-state.ts';
import type { Route } from '../route.ts';

/** An answer as it is kept: enough to give it again, byte for byte. */
interface KeptAnswer {
  status: number;
  location?: string;
  text: string;
}

/**
 * With `Idempotency-Key`, a repeated request gets the answer of the first. The claim stores what the call will make before
 * anything is made; so a repeat after a crash, or beside the first, makes the same things, and the first answer is everybody's.
 */
export function answerOnce(route: Route, keys: IdempotencyKeys): Middleware<RequestState> {
  if (!route.plan) return async (_ctx, next) => void (await next());
  return async (ctx, next) => {
    const key = idempotencyKey(ctx);
    if (key === undefined) return void (await next());

    const request = { scope: ctx.state.actor, key, fingerprint: fingerprintOf(ctx, ctx.state) };
    const claim = await keys.claim({ ...request, plan: ctx.state.call.plan });
    if (claim.outcome === 'mismatch') {
      throw new Problem('idempotency_key_reused', 'This idempotency key was used with another request.');
    }
    if (claim.outcome === 'answered') return send(ctx, claim.answer);

    ctx.state.call.plan = claim.plan;
    await next();
    // A stream is no answer to keep: a repeat begins it again, from the same plan.
    if (ctx.body instanceof Readable) return;
    await keys.answer(request.scope, key, serialise(ctx));
    const kept = await keys.claim({ ...request, plan: claim.plan });
    if (kept.outcome === 'answered') send(ctx, kept.answer);
  };
}

function idempotencyKey(ctx: Context): string | undefined {
  const key = ctx.get('Idempotency-Key');
  if (key === '') return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new Problem('validation_error', 'Idempotency-Key: 1 to 200 printable ASCII characters, without spaces.');
}

/** Of the checked body, so that white space and the order of fields make no other request. */
function fingerprintOf(ctx: Context, { call }: RequestState): string {
  return createHash('sha256')
    .update(JSON.stringify([ctx.method, ctx.path, call.body]))
    .digest('hex');
}

function serialise(ctx: Context): string {
  const answer: KeptAnswer = {
    status: ctx.status,
    location: ctx.response.get('Location'),
    text: JSON.stringify(ctx.body),
  };
  return JSON.stringify(answer);
}

function send(ctx: Context, kept: string): void {
  const { status, location, text } = JSON.parse(kept) as KeptAnswer;
  ctx.status = status;
  if (location) ctx.set('Location', location);
  ctx.type = 'application/json';
  ctx.body = text;
}

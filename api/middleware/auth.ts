import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { workspaceIdPattern } from '../../workflows/contract/workspace.schema.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { Problem } from '../problems.ts';
import type { RequestState } from '../request-state.ts';
import type { CallerKind, Route } from '../route.ts';
import type { Services } from '../services.ts';
import type { Limiter } from './limits.ts';

/**
 * Lets pass who may call the route. Everybody else gets the same 401: whether the workspace exists, whether the token is
 * another machine's or nobody's, does not show.
 */
export function authenticate(route: Route, services: Services, limiter: Limiter): Middleware<RequestState> {
  return async (ctx, next) => {
    const expected = await expectedToken(route.caller, ctx, services);
    if (expected !== 'none needed' && !matches(bearerToken(ctx), expected)) {
      ctx.state.log.warn({ address: ctx.ip, route: route.path }, 'refused: no valid token');
      await limiter.spend('unauthorized', ctx.ip);
      throw new Problem('unauthorized', 'This needs a valid bearer token in the Authorization header.', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    ctx.state.actor = actorOf(route.caller, ctx);
    await next();
  };
}

async function expectedToken(
  caller: CallerKind,
  ctx: Context,
  { ownerToken, store }: Services,
): Promise<string | undefined> {
  if (caller === 'anyone') return 'none needed';
  if (caller === 'owner') return ownerToken;
  const workspaceId = idInPath(ctx);
  return workspaceId && (await store.secrets.read(workspaceSecretNames(workspaceId).machineToken));
}

/** The id becomes part of a secret's name, so nothing but an id may pass. */
function idInPath(ctx: Context): string | undefined {
  const { id } = ctx.params as { id?: string };
  return id !== undefined && workspaceIdPattern.test(id) ? id : undefined;
}

function bearerToken(ctx: Context): string {
  return /^Bearer ([\w.~+/=-]{1,500})$/i.exec(ctx.get('Authorization'))?.[1] ?? '';
}

/** Digests have one length, so the comparison takes the same time whatever was sent, also where nothing is expected. */
function matches(given: string, expected: string | undefined): boolean {
  const isEqual = timingSafeEqual(digest(given), digest(expected ?? ''));
  return isEqual && expected !== undefined && given !== '';
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function actorOf(caller: CallerKind, ctx: Context): string {
  return caller === 'machine' ? `workspace:${idInPath(ctx)}` : caller;
}

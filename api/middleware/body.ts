import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';
import { Problem } from '../problems.ts';
import type { RequestState } from '../request-state.ts';
import type { Route } from '../route.ts';

/** Reads a JSON body of at most `limit`, on routes that take one; a body on any other route is not looked at. */
export function readBody({ body }: Route, limit: string): Middleware<RequestState> {
  if (!body) return (_ctx, next) => next();
  const parse = bodyParser({ enableTypes: ['json'], jsonLimit: limit, onError: refuse });
  return async (ctx, next) => {
    // `false`: there is a body, and it is something else; `null`: there is none, which the schema judges.
    if (ctx.request.length !== 0 && ctx.request.is('application/json') === false) {
      throw new Problem('unsupported_media_type', 'The body must be JSON, sent as application/json.');
    }
    await parse(ctx, next);
  };
}

function refuse(error: Error): never {
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) throw new Problem('payload_too_large', 'The body is larger than this API takes.');
  if (status === 415)
    throw new Problem('unsupported_media_type', 'The encoding of the body is not one this API reads.');
  throw new Problem('validation_error', 'The body is not JSON.');
}

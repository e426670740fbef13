import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';
import { Problem, type ProblemCode } from '../problems.ts';
import type { RequestState } from '../request-state.ts';
import type { Route } from '../route.ts';

/** Reads a JSON body of at most `limit`, or the route's own, on routes that take one; a body on any other route is not looked at. */
export function readBody({ body, bodyLimit, formProblem }: Route, limit: string): Middleware<RequestState> {
  if (!body) return (_ctx, next) => next();
  const parse = bodyParser({ enableTypes: ['json'], jsonLimit: bodyLimit ?? limit, onError: refuse(formProblem) });
  return async (ctx, next) => {
    // `false`: there is a body, and it is something else; `null`: there is none, which the schema judges.
    if (ctx.request.length !== 0 && ctx.request.is('application/json') === false) {
      throw new Problem('unsupported_media_type', 'The body must be JSON, sent as application/json.');
    }
    await parse(ctx, next);
  };
}

function refuse(formProblem: ProblemCode = 'validation_error'): (error: Error) => never {
  return (error) => {
    const status = 'status' in error ? error.status : undefined;
    if (status === 413) throw new Problem('payload_too_large', 'The body is larger than this API takes.');
    if (status === 415)
      throw new Problem('unsupported_media_type', 'The encoding of the body is not one this API reads.');
    throw new Problem(formProblem, 'The body is not JSON.');
  };
}

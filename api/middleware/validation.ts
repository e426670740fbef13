import type { Context, Middleware } from 'koa';
import type { z } from 'zod';
import { Problem, problems, type ProblemCode } from '../problems.ts';
import type { RequestState } from '../request-state.ts';
import type { Route } from '../route.ts';

/** Checks what came against the route's schemas and lays it out for the handler. */
export function checkRequest(route: Route): Middleware<RequestState> {
  return async (ctx, next) => {
    ctx.state.call = {
      params: parseParams(route, ctx),
      query: parse(route, route.query, ctx.query),
      body: parse(route, route.body, ctx.request.body),
      plan: route.plan?.() ?? '',
      requestId: ctx.state.requestId,
      log: ctx.state.log,
      request: ctx.request,
      hungUp: whenClosed(ctx),
    };
    await next();
  };
}

/** An id that cannot exist is told apart from one that does not by nobody. */
function parseParams({ params, paramsProblem = 'workspace_not_found' }: Route, ctx: Context): Record<string, unknown> {
  const parsed = params?.safeParse(ctx.params);
  if (parsed && !parsed.success) throw new Problem(paramsProblem, `${problems[paramsProblem].title}.`);
  return parsed?.data ?? {};
}

function parse(route: Route, schema: z.ZodType | undefined, given: unknown): Record<string, unknown> {
  const parsed = schema?.safeParse(given ?? {});
  if (parsed && !parsed.success) throw invalid(parsed.error, route.fieldProblems ?? {});
  return (parsed?.data ?? {}) as Record<string, unknown>;
}

function invalid(error: z.ZodError, fieldProblems: Readonly<Record<string, ProblemCode>>): Problem {
  const details = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const words = details.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new Problem(codeFor(error, fieldProblems), words.join('; '), { details });
}

/** A field's own code is used when nothing but this field is at fault. */
function codeFor(error: z.ZodError, fieldProblems: Readonly<Record<string, ProblemCode>>): ProblemCode {
  const codes = new Set(error.issues.map(({ path }) => fieldProblems[String(path[0])] ?? 'validation_error'));
  const [only] = codes;
  return codes.size === 1 && only ? only : 'validation_error';
}

function whenClosed(ctx: Context): AbortSignal {
  const closed = new AbortController();
  ctx.res.once('close', () => closed.abort());
  return closed.signal;
}

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
      actor: ctx.state.actor,
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
  if (parsed && !parsed.success) throw invalid(parsed.error, route);
  return (parsed?.data ?? {}) as Record<string, unknown>;
}

/** `field` is the first one at fault, for callers that can show one only. */
function invalid({ issues }: z.ZodError, route: Route): Problem {
  const found = issues.flatMap(innermost);
  const details = found.map(({ path, message }) => ({ field: path.join('.'), message }));
  const words = details.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const extensions = { field: details[0]?.field ?? '' };
  return new Problem(codeFor(found, route), words.join('; '), { details, extensions });
}

interface Fault {
  path: PropertyKey[];
  message: string;
}

/** Of a choice between forms, what is wrong with the one that was meant: the one whose type fits. */
function innermost(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((faults) => !faults.some(isOfOtherType));
  const within = (fault: Fault): Fault => ({ ...fault, path: [...issue.path, ...fault.path] });
  return meant && meant.length > 0 ? meant.flatMap(innermost).map(within) : [issue];
}

function isOfOtherType({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

/** A field's own code is used when nothing but this field is at fault. */
function codeFor(faults: Fault[], { fieldProblems = {}, formProblem = 'validation_error' }: Route): ProblemCode {
  const codes = new Set(faults.map(({ path }) => fieldProblems[String(path[0])] ?? formProblem));
  const [only] = codes;
  return codes.size === 1 && only ? only : formProblem;
}

function whenClosed(ctx: Context): AbortSignal {
  const closed = new AbortController();
  ctx.res.once('close', () => closed.abort());
  return closed.signal;
}

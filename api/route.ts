/** What a route is: one declaration, from which routing, auth, limits, validation and the OpenAPI document all derive. */
import type { Readable } from 'node:stream';
import type { Request } from 'koa';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ProblemCode } from './problems.ts';
import type { Bucket } from './rate-limits.ts';
import type { Services } from './services.ts';

/** Who may call: the owner by the API token, a machine by the token of exactly its own workspace, or anyone. */
export type CallerKind = 'anyone' | 'owner' | 'machine';

export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As the router has it: `/vms/:id`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly caller: CallerKind;
  /** The rate limit that a call counts against; `null` for none. */
  readonly limit: Bucket | null;
  /** Parameters that do not fit are an address that does not exist. */
  readonly params?: Params;
  /** The code for such an address, where it is not that of a workspace. */
  readonly paramsProblem?: ProblemCode;
  readonly query?: Query;
  readonly body?: Body;
  /** The largest body, like `10mb`, where the setting `BODY_LIMIT` does not count. */
  readonly bodyLimit?: string;
  /** The code for a query or a body that does not have its form; `validation_error` unless said otherwise. */
  readonly formProblem?: ProblemCode;
  /** Body field → the code that says it is at fault, where `validation_error` would say too little. */
  readonly fieldProblems?: Readonly<Record<string, ProblemCode>>;
  /** Makes the route repeatable by `Idempotency-Key`: everything random that a call needs, so that a repeat finds it again. */
  plan?(): string;
  readonly answer: { status: number; schema: Answer; description: string; mediaType?: string };
  /** What can go wrong here beyond what can go wrong everywhere. */
  readonly problems?: readonly ProblemCode[];
  handle(call: Call<Params, Query, Body>, services: Services): Promise<Reply<z.infer<Answer>>>;
}

/** One checked request. */
export interface Call<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  params: z.infer<Params>;
  query: z.infer<Query>;
  body: z.infer<Body>;
  /** What the route's `plan` made, for this request or for the first one with its idempotency key. */
  plan: string;
  requestId: string;
  /** Who calls: `owner`, `workspace:<id>` or `anyone`. */
  actor: string;
  log: Logger;
  request: Request;
  /** Aborted when the caller goes away. */
  hungUp: AbortSignal;
}

export interface Reply<Body> {
  body: Body | Readable | null;
  /** When it is not the route's own. */
  status?: number;
  headers?: Record<string, string>;
}

/** Checks a declaration's types against each other, and forgets them. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(
  declaration: Route<P, Q, B, A>,
): Route {
  return declaration;
}

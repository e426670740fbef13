import Router from '@koa/router';
import type { Middleware } from 'koa';
import { containerId } from './container-id.ts';
import { authenticate } from './middleware/auth.ts';
import { readBody } from './middleware/body.ts';
import { answerOnce } from './middleware/idempotency.ts';
import { createLimiter, limitRate } from './middleware/limits.ts';
import { checkRequest } from './middleware/validation.ts';
import { Problem } from './problems.ts';
import type { RequestState } from './request-state.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

/** Gives each route the steps that its declaration asks for, in the one order that is safe. */
export function createRouter(routes: readonly Route[], services: Services): Router<RequestState> {
  const router = new Router<RequestState>();
  const limiter = createLimiter(services.settings.RATE_LIMITS);
  for (const route of routes) {
    router[route.method](
      route.path,
      nameRoute(route),
      authenticate(route, services, limiter),
      limitRate(route, limiter),
      readBody(route, services.settings.BODY_LIMIT),
      checkRequest(route),
      answerOnce(route, services.store.idempotency),
      handle(route, services),
    );
  }
  return router;
}

function nameRoute(route: Route): Middleware<RequestState> {
  return (ctx, next) => {
    ctx.state.route = route;
    return next();
  };
}

function handle(route: Route, services: Services): Middleware<RequestState> {
  return async (ctx) => {
    const { body, status = route.answer.status, headers = {} } = await route.handle(ctx.state.call, services);
    ctx.status = status;
    ctx.set(headers);
    if (route.answer.mediaType && body !== null && !headers['Content-Type']) ctx.type = route.answer.mediaType;
    ctx.body = body;
  };
}

/** Stands above the router: what no route took gets the one error shape too, with the addresses that there are. */
export function refuseUnmatched(routes: readonly Route[]): Middleware<RequestState> {
  const availableEndpoints = routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  return async (ctx, next) => {
    await next();
    const isMatched = (ctx.state as Partial<RequestState>).route !== undefined;
    if (isMatched || ctx.method === 'OPTIONS') return;
    // The router said which methods the address answers to.
    const allow = ctx.response.get('Allow');
    if (allow)
      throw new Problem('method_not_allowed', `This address answers to ${allow}.`, { headers: { Allow: allow } });
    const extensions = { availableEndpoints, containerId };
    throw new Problem('not_found', `There is nothing at ${ctx.path.slice(0, 200)}.`, { extensions });
  };
}

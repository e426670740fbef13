import Koa from 'koa';
import { answerErrors } from './middleware/errors.ts';
import { logRequests } from './middleware/request-log.ts';
import type { RequestState } from './request-state.ts';
import type { Route } from './route.ts';
import { createRouter, refuseUnmatched } from './router.ts';
import { ownerRoutes } from './routes/index.ts';
import type { Services } from './services.ts';

/** The API as users and operators see it. */
export function createApp(services: Services): Koa<RequestState> {
  return serve(ownerRoutes, services);
}

/** An app of these routes alone. */
export function serve(routes: readonly Route[], services: Services): Koa<RequestState> {
  const app = new Koa<RequestState>();
  app.use(logRequests(services.log, services.metrics));
  app.use(answerErrors());
  app.use(refuseUnmatched(routes));
  const router = createRouter(routes, services);
  app.use(router.routes());
  app.use(router.allowedMethods());
  app.on('error', (error: unknown) => services.log[levelFor(error)]({ err: error }, 'an answer broke off'));
  return app;
}

/** Callers go away all the time, also in the middle of an answer; anything else is ours. */
function levelFor(error: unknown): 'debug' | 'error' {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code) ? 'debug' : 'error';
}

import type Koa from 'koa';
import { serve } from './app.ts';
import type { RequestState } from './request-state.ts';
import { machineRoutes } from './routes/index.ts';
import type { Services } from './services.ts';

/** The second listener: what machines call, and nothing else, since every machine can reach it. */
export function createMachineApp(services: Services): Koa<RequestState> {
  return serve(machineRoutes, services);
}

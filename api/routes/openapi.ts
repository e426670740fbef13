import { z } from 'zod';
import { describeApi } from '../openapi.ts';
import { route, type Route } from '../route.ts';

/** The route that describes the others. */
export function openApiRoute(routes: readonly Route[]): Route {
  const body = { ...describeApi(routes) };
  return route({
    method: 'get',
    path: '/openapi.json',
    operationId: 'readOpenApi',
    summary: 'The description of this API',
    caller: 'anyone',
    limit: null,
    answer: { status: 200, schema: z.looseObject({ openapi: z.string() }), description: 'OpenAPI 3.1.' },
    handle: async () => ({ body }),
  });
}

/** The OpenAPI document, derived from the route declarations: nothing is described twice. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { ProblemDetails } from './answers.ts';
import { problems, type ProblemCode } from './problems.ts';
import type { Route } from './route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** An OpenAPI 3.1 document of these routes. */
export function describeApi(routes: readonly Route[]): OpenApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describeRoute(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Pawl', version: '1', description: 'A self-hosted, durable control plane for coding agents.' },
    paths,
    components: {
      securitySchemes: {
        owner: { type: 'http', scheme: 'bearer', description: "The owner's API token." },
        machine: { type: 'http', scheme: 'bearer', description: "A machine's token, valid for its own workspace." },
      },
    },
  });
}

function describeRoute(route: Route): ZodOpenApiOperationObject {
  const { operationId, summary, params, query, body, caller } = route;
  const parameters = { ...(params && { path: params }), ...(query && { query }), ...headerParameters(route) };
  return {
    operationId,
    summary,
    ...(caller === 'machine' && { description: 'Served on the second listener only, which machines reach.' }),
    security: caller === 'anyone' ? [] : [{ [caller]: [] }],
    requestParams: parameters,
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: describeResponses(route),
  };
}

const IdempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'A repeat with the same key and body gets the first answer.' }),
});

function headerParameters(route: Route): ZodOpenApiOperationObject['requestParams'] {
  return route.plan && { header: IdempotencyHeader };
}

function describeResponses(route: Route): ZodOpenApiResponsesObject {
  const { status, schema, description, mediaType = 'application/json' } = route.answer;
  const responses: ZodOpenApiResponsesObject = {
    [`${status}` as '200']: { description, content: { [mediaType]: { schema } } },
  };
  const codes = Map.groupBy(problemCodes(route), (code) => problems[code].status);
  for (const [problemStatus, group] of codes) {
    responses[`${problemStatus}` as '400'] = {
      description: group.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
      content: { 'application/problem+json': { schema: ProblemDetails } },
    };
  }
  return responses;
}

/** What a route can say is wrong, from what it asks for. */
function problemCodes(route: Route): Set<ProblemCode> {
  const codes: ProblemCode[] = [...(route.problems ?? []), 'internal_error'];
  if (route.body) codes.push('validation_error', 'payload_too_large', 'unsupported_media_type');
  if (route.query) codes.push('validation_error');
  if (route.plan) codes.push('idempotency_key_reused');
  if (route.limit !== null) codes.push('rate_limit_exceeded');
  if (route.caller !== 'anyone') codes.push('unauthorized', 'rate_limit_exceeded');
  return new Set(codes);
}

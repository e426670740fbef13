/** Somebody's own description of their API, as something that requests and answers can be held against. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** What is wrong with a request or an answer; empty when nothing is. */
export type Violations = string[];

export interface Operation {
  checkRequest(query: Record<string, string>, body: unknown): Violations;
  checkAnswer(status: number, body: unknown): Violations;
}

interface Parameter {
  name: string;
  in: 'query' | 'path';
  required?: boolean;
  schema: object;
}

interface OperationObject {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: { 'application/json': { schema: object } } };
  responses: Record<string, { content?: { 'application/json': { schema: object } } }>;
}

interface Document {
  paths: Record<string, Record<string, OperationObject>>;
}

// A schema that cannot be compiled throws: what is not understood must not pass.
const bodies = newAjv({});
const queries = newAjv({ coerceTypes: 'array' });

/** The operation for a request, or `undefined` when the document has none. */
export type FindOperation = (method: string, path: string) => Operation | undefined;

/** Reads an OpenAPI document without references; what stands in its paths for `{name}` has the form `parameter`. */
export function openDocument(file: string, parameter: string): FindOperation {
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as Document;
  const operations = Object.entries(paths).flatMap(([pattern, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, parameter)}$`),
      operation: compile(operation),
    })),
  );
  return (method, path) => operations.find((one) => one.method === method && one.path.test(path))?.operation;
}

function compile({ parameters = [], requestBody, responses }: OperationObject): Operation {
  const checkQuery = queries.compile(closed(querySchema(parameters)));
  const checkBody = requestBody && bodies.compile(closed(requestBody.content['application/json'].schema));
  const checks = new Map<string, ValidateFunction | undefined>();
  for (const [status, { content }] of Object.entries(responses)) {
    checks.set(status, content && bodies.compile(content['application/json'].schema));
  }
  return {
    checkRequest(query, body) {
      const inBody = checkBody ? errorsOf(checkBody, body, 'body') : body === undefined ? [] : ['body: there is none'];
      return [...errorsOf(checkQuery, { ...query }, 'query'), ...inBody];
    },
    checkAnswer(status, body) {
      const key = [String(status), `${Math.floor(status / 100)}XX`].find((one) => checks.has(one));
      if (key === undefined) return [`status: there is no ${status}`];
      const check = checks.get(key);
      return check ? errorsOf(check, body, 'answer') : body === undefined ? [] : ['answer: there is none'];
    },
  };
}

function newAjv(options: Options): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, ...options });
  formats.default(ajv);
  // Of Hetzner, and of GitHub.
  return ajv.addFormat('decimal', /^\d+(\.\d+)?$/).addFormat('repo.nwo', /^[^/]+\/[^/]+$/);
}

function querySchema(parameters: Parameter[]): object {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const required = inQuery.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])),
    required,
  };
}

/** The document says nothing of what it does not know; here that is a mistake of ours. */
function closed(schema: object): object {
  return { ...schema, additionalProperties: false };
}

function errorsOf(check: ValidateFunction, value: unknown, where: string): Violations {
  check(value);
  return (check.errors ?? []).map(({ instancePath, message, params }: ErrorObject) => {
    return `${where}${instancePath} ${message} ${JSON.stringify(params)}`;
  });
}

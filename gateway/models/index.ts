/** The model APIs that agents can use. A new one is a file and a line here. */
import type { CredentialValue } from '../../store/credential-value.ts';
import { anthropic } from './anthropic.ts';
import { google } from './google.ts';
import type { ModelApi, ModelRoute } from './model-api.ts';
import { openai } from './openai.ts';

const modelApis: readonly ModelApi[] = [anthropic, openai, google];

/** Where a request to a model goes. */
export interface ModelTarget {
  api: ModelApi;
  route: ModelRoute;
  /** Path behind the base URL's. */
  path: string;
}

/** The API and the call that a path at the door means, if it means one that passes. */
export function findModelRoute(method: string, path: string): ModelTarget | undefined {
  for (const api of modelApis) {
    if (!path.startsWith(`${api.prefix}/`)) continue;
    const rest = path.slice(api.prefix.length);
    const route = api.routes.find((one) => one.method === method && one.path.test(rest));
    if (route) return { api, route, path: rest };
  }
  return undefined;
}

/** The API that takes a credential of this kind, with the headers that make it known there. */
export function findApiFor(
  credential: CredentialValue,
): { api: ModelApi; headers: Record<string, string> } | undefined {
  for (const api of modelApis) {
    const headers = api.authenticate(credential, undefined);
    if (headers) return { api, headers };
  }
  return undefined;
}

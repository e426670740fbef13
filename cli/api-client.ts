/** Asking the running installation what only it can do. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { apiTokenFile } from '../config/api-token.ts';
import { SetupError } from '../engine/progress.ts';
import { apiUrl } from './addresses.ts';
import type { CliSettings } from './config.ts';

export interface ApiClient {
  /** Fails with `ApiUnreachable` when nobody answers, and with `SetupError` in the API's own words when it says no. */
  ask<Answer>(method: 'GET' | 'POST', address: string, answer: z.ZodType<Answer>): Promise<Answer>;
}

/** Nobody answers at the API's address, or nobody who could do anything: it may be starting. */
export class ApiUnreachable extends SetupError {
  override name = 'ApiUnreachable';
}

const Refusal = z.object({ message: z.string() });

const patienceMs = 20_000;

/** A client that speaks as the owner. Fails with `SetupError` when there is no token on this machine. */
export async function openApiClient(settings: CliSettings): Promise<ApiClient> {
  const token = settings.API_TOKEN ?? (await readToken(settings.PAWL_HOME));
  const base = apiUrl(settings);
  return {
    async ask(method, address, answer) {
      const response = await send(base, method, address, token);
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) return answer.parse(body);
      const message = Refusal.safeParse(body).data?.message ?? `The API answered ${response.status}.`;
      throw isPassing(response) ? new ApiUnreachable(message) : new SetupError(message);
    },
  };
}

/** What a worker or the workflow engine could not be asked about; a provider that cannot be used is an answer. */
function isPassing({ status }: Response): boolean {
  return status >= 500 || status === 429;
}

async function send(base: string, method: string, address: string, token: string): Promise<Response> {
  try {
    return await fetch(`${base}${address}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch {
    throw new ApiUnreachable(`Pawl does not answer at ${base}. Start it with \`npm start\`, or set HOST and PORT.`);
  }
}

async function readToken(home: string): Promise<string> {
  try {
    return (await readFile(apiTokenFile(home), 'utf8')).trim();
  } catch {
    throw new SetupError(`There is no token in ${home}. Start Pawl first, or set API_TOKEN (or PAWL_HOME).`);
  }
}

/** The connections to model endpoints. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Agent, errors, request } from 'undici';
import type { GatewaySettings } from '../config.ts';
import type { ModelApi } from './model-api.ts';

/** A large model may think for minutes before its first byte, when it is not asked to stream. */
const firstByteMs = 15 * 60_000;
/** Streams carry pings. */
const silenceMs = 5 * 60_000;

export interface Upstream {
  /** Sends the request; resolves with the beginning of the answer. Rejects with `NotSent` when nobody got the request. */
  send(api: ModelApi['id'], request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export interface UpstreamRequest {
  method: string;
  /** Behind the base URL, with the query. */
  path: string;
  headers: Record<string, string>;
  body: Readable | Buffer | null;
  signal: AbortSignal;
}

export interface UpstreamAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
}

/** There was no connection, so the endpoint does not know of the request. */
export class NotSent extends Error {
  override name = 'NotSent';
}

type BaseUrls = Pick<GatewaySettings, 'ANTHROPIC_BASE_URL' | 'OPENAI_BASE_URL' | 'GOOGLE_GEMINI_BASE_URL'>;

/** Opens connections as they are needed, and keeps them for a while. */
export function createUpstream(settings: BaseUrls): Upstream {
  const dispatcher = new Agent({ connect: { timeout: 15_000 }, headersTimeout: firstByteMs, bodyTimeout: silenceMs });
  const baseUrls = {
    anthropic: settings.ANTHROPIC_BASE_URL,
    openai: settings.OPENAI_BASE_URL,
    google: settings.GOOGLE_GEMINI_BASE_URL,
  };
  return {
    async send(api, { method, path, headers, body, signal }) {
      const url = baseUrls[api].replace(/\/+$/, '') + path;
      try {
        const answer = await request(url, { method: method as 'POST', headers, body, signal, dispatcher });
        return { status: answer.statusCode, headers: answer.headers, body: answer.body };
      } catch (error) {
        throw wasNeverSent(error) ? new NotSent('The endpoint cannot be reached.', { cause: error }) : error;
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function wasNeverSent(error: unknown): boolean {
  const codes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return codes.includes(code) || error instanceof errors.ConnectTimeoutError;
}

/** The part of a call that happens between the agent and the endpoint. */
import { pipeline } from 'node:stream/promises';
import type { Visit } from '../http/door-handler.ts';
import type { CallRecord } from './call-record.ts';
import { noteAccepted } from './credential-choice.ts';
import type { ChosenCredential } from './credential-choice.ts';
import { requestHeaders, requestQuery, responseHeaders } from './headers.ts';
import type { ModelTarget } from './index.ts';
import { answerUpstreamError } from './model-errors.ts';
import type { ModelRequest } from './model-request.ts';
import { createUsageMeter } from './usage-meter.ts';
import { NotSent } from './upstream.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** A call that may be made. */
export interface PreparedCall {
  request: ModelRequest;
  credential: ChosenCredential;
  /** Missing for calls that cost nothing. */
  record: CallRecord | undefined;
}

/** Makes the call and passes the answer on. Its account is settled when this ends, however it ends. */
export async function passOn(visit: Visit, target: ModelTarget, call: PreparedCall): Promise<void> {
  const { record, credential } = call;
  try {
    const answer = await send(visit, target, call);
    if (answer.status >= 400) {
      await record?.settleUnused();
      await answerUpstreamError(visit, target.api, credential, answer);
    } else {
      await noteAccepted(visit, credential);
      await streamAnswer(visit, target, answer, record);
    }
  } catch (error) {
    if (error instanceof NotSent) await record?.settleUnused();
    throw error;
  } finally {
    await record?.settle();
  }
}

function send(
  { services, state, request, response, url }: Visit,
  { api, path }: ModelTarget,
  { request: { body, headers }, credential }: PreparedCall,
): Promise<UpstreamAnswer> {
  const { token } = state.door;
  const gone = new AbortController();
  if (response.closed) gone.abort();
  response.once('close', () => gone.abort());
  return services.upstream.send(api.id, {
    method: request.method ?? 'GET',
    path: api.upstreamPrefix + path + requestQuery(url.searchParams, token),
    headers: { ...requestHeaders(request.headers, token), ...headers, ...credential.headers },
    body,
    signal: gone.signal,
  });
}

/** Every chunk is passed on as it comes. The end waits until the call is counted: who saw it all, knows it was. */
async function streamAnswer(
  { response }: Visit,
  { api }: ModelTarget,
  { status, headers, body }: UpstreamAnswer,
  record: CallRecord | undefined,
): Promise<void> {
  const meter = createUsageMeter(api, headers, (reading) => record?.hear(reading));
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      meter.feed(chunk);
      yield chunk;
    }
    meter.end();
    await record?.settle();
  }
  response.writeHead(status, responseHeaders(headers));
  response.flushHeaders();
  await pipeline(body, counted, response).catch(ignoreBrokenStream);
}

/** Either side may break off at any time: the other one sees that its stream breaks off, too. */
function ignoreBrokenStream(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ABORT_ERR'];
  if (!known.includes(code) && !code.startsWith('UND_ERR_')) throw error;
}

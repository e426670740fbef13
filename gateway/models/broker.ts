/** A call to a model: the run's token comes in, the real credential goes out, the answer streams through and is counted. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CredentialUnusable } from '../credentials/fresh-credentials.ts';
import { answerJson, Refusal } from '../http/answers.ts';
import type { Visit } from '../http/door-handler.ts';
import { tellRun } from '../run-events.ts';
import { spentBudget } from './budget.ts';
import { openCallRecord } from './call-record.ts';
import type { CallRecord } from './call-record.ts';
import { chooseCredential, noteAccepted, noteRefused, withoutSecrets } from './credential-choice.ts';
import type { ChosenCredential } from './credential-choice.ts';
import { requestHeaders, requestQuery, responseHeaders } from './headers.ts';
import type { ModelTarget } from './index.ts';
import type { ModelError } from './model-api.ts';
import { ModelRefusal } from './model-refusal.ts';
import { readModelRequest } from './model-request.ts';
import type { ModelRequest } from './model-request.ts';
import { createUsageMeter } from './usage-meter.ts';
import { NotSent } from './upstream.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** Agents with many helpers make a dozen calls at once. Far more would be a way around the budget, which is looked at before. */
const callsAtOnce = 32;
const largestError = 256 * 1024;

/** Answers the visit with what the model says, or with an error in the words of its API, on which agents stop cleanly. */
export async function callModel(visit: Visit, target: ModelTarget): Promise<void> {
  visit.state.modelCalls++;
  try {
    await call(visit, target);
  } catch (error) {
    const refusal = asRefusal(error);
    if (!refusal) throw error;
    if (!(error instanceof ModelRefusal) && !visit.response.destroyed)
      visit.state.log.warn({ err: error, api: target.api.id }, 'a call failed');
    answerModelError(visit.response, target, refusal);
  } finally {
    visit.state.modelCalls--;
  }
}

async function call(visit: Visit, target: ModelTarget): Promise<void> {
  if (visit.state.modelCalls > callsAtOnce) throw new ModelRefusal(429, 'rate', 'Too many calls at once.');
  const credential = await chooseCredential(visit, target.api);
  if (target.route.generates) await refuseSpentBudget(visit, target);
  const request = await readModelRequest(visit, target.route);
  if (!target.route.generates) return passOn(visit, target, request, credential, undefined);

  const record = await openCallRecord(visit.services, visit.state, {
    requestId: randomUUID(),
    api: target.api.id,
    bytes: request.bytes,
  });
  await passOn(visit, target, request, credential, record);
}

async function refuseSpentBudget({ services, state }: Visit, { api }: ModelTarget): Promise<void> {
  const spent = spentBudget(state.door.policy.budget, await services.store.modelCalls.totals(state.door.runId));
  if (!spent) return;
  services.metrics.budgetRefusals.inc({ api: api.id });
  await tellRun(services, state, { key: 'budget-spent', type: 'budget.spent', data: { ...spent } });
  const what = spent.budget === 'tokens' ? `${spent.limit} tokens` : `${spent.limit / 1e6} US dollars`;
  throw new ModelRefusal(402, 'budget', `This run's budget of ${what} is spent.`);
}

async function passOn(
  visit: Visit,
  target: ModelTarget,
  request: ModelRequest,
  credential: ChosenCredential,
  record: CallRecord | undefined,
): Promise<void> {
  const gone = new AbortController();
  visit.response.once('close', () => gone.abort());
  let answer;
  try {
    answer = await send(visit, target, request, credential, gone.signal);
  } catch (error) {
    await (error instanceof NotSent ? record?.settleUnused() : record?.settle());
    throw error;
  }
  if (answer.status >= 400) {
    await record?.settleUnused();
    await answerUpstreamError(visit, target, credential, answer);
    return;
  }
  await noteAccepted(visit, credential);
  try {
    await streamAnswer(visit, target, answer, record);
  } finally {
    // Who asked may be gone before the first byte.
    await record?.settle();
  }
}

function send(
  { services, state, request, url }: Visit,
  { api, path }: ModelTarget,
  { body, headers }: ModelRequest,
  credential: ChosenCredential,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { token } = state.door;
  return services.upstream.send(api.id, {
    method: request.method ?? 'GET',
    path: api.upstreamPrefix + path + requestQuery(url.searchParams, token),
    headers: { ...requestHeaders(request.headers, token), ...headers, ...credential.headers },
    body,
    signal,
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
  const known = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ABORT_ERR', 'UND_ERR_ABORTED', 'UND_ERR_SOCKET'];
  if (!known.includes(code) && !code.startsWith('UND_ERR_')) throw error;
}

/** Errors are short. Some name the key that was refused, or a part of it, so that nothing of those is passed on. */
async function answerUpstreamError(
  visit: Visit,
  { api }: ModelTarget,
  credential: ChosenCredential,
  { status, headers, body }: UpstreamAnswer,
): Promise<void> {
  const text = await readShort(body);
  if (api.isRefusal(status, text) && credential.name !== null) {
    await noteRefused(visit, api, credential, status);
    throw new ModelRefusal(
      401,
      'authentication',
      `The model's provider does not take the credential ${credential.name}.`,
    );
  }
  const kept = responseHeaders(headers, ['content-length', 'content-encoding']);
  visit.response.writeHead(status, kept).end(withoutSecrets(text, credential));
}

async function readShort(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestError) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asRefusal(error: unknown): ModelError | undefined {
  if (error instanceof ModelRefusal) return error;
  if (error instanceof CredentialUnusable) {
    return {
      status: error.isTemporary ? 503 : 401,
      kind: error.isTemporary ? 'upstream' : 'authentication',
      message: error.message,
    };
  }
  if (error instanceof Refusal) return { status: error.status, kind: 'request', message: error.message };
  return { status: 502, kind: 'upstream', message: 'The model cannot be reached.' };
}

function answerModelError(response: ServerResponse, { api }: ModelTarget, error: ModelError): void {
  // Anthropic's and OpenAI's clients repeat what may help to repeat, unless they are told not to.
  const final = ['budget', 'authentication', 'permission', 'request'].includes(error.kind);
  answerJson(response, error.status, api.errorBody(error), {
    connection: 'close',
    ...(final && { 'x-should-retry': 'false' }),
    ...(error.kind === 'rate' && { 'retry-after': '1' }),
  });
}

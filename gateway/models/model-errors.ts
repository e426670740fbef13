/** Errors, in the words of the model's API. */
import type { ServerResponse } from 'node:http';
import { CredentialUnusable } from '../credentials/fresh-credentials.ts';
import { answerJson, Refusal } from '../http/answers.ts';
import type { Visit } from '../http/door-handler.ts';
import { noteRefused, withoutSecrets } from './credential-choice.ts';
import type { ChosenCredential } from './credential-choice.ts';
import { responseHeaders } from './headers.ts';
import type { ModelApi, ModelError } from './model-api.ts';
import { ModelRefusal } from './model-refusal.ts';
import { readShort } from './read-short.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** What an agent is told of whatever went wrong. */
export function asModelError(error: unknown): ModelError {
  if (error instanceof ModelRefusal) return error;
  if (error instanceof CredentialUnusable) {
    const [status, kind] = error.isTemporary ? ([503, 'upstream'] as const) : ([401, 'authentication'] as const);
    return { status, kind, message: error.message };
  }
  if (error instanceof Refusal) return { status: error.status, kind: 'request', message: error.message };
  return { status: 502, kind: 'upstream', message: 'The model cannot be reached.' };
}

/** Answers with the error, and says whether it may help to try again. */
export function answerModelError(response: ServerResponse, api: ModelApi, error: ModelError): void {
  // Anthropic's and OpenAI's clients repeat what may help to repeat, unless they are told not to.
  const isFinal = ['budget', 'authentication', 'permission', 'request'].includes(error.kind);
  answerJson(response, api.statusOf?.(error) ?? error.status, api.errorBody(error), {
    connection: 'close',
    ...(isFinal && { 'x-should-retry': 'false' }),
    ...(error.kind === 'rate' && { 'retry-after': '1' }),
  });
}

/**
 * Passes an endpoint's error on, without any secret in it. When it refuses the credential, that is noted, and its words are
 * kept back: they may quote a part of the key. Fails with `ModelRefusal` then.
 */
export async function answerUpstreamError(
  visit: Visit,
  api: ModelApi,
  credential: ChosenCredential,
  { status, headers, body }: UpstreamAnswer,
): Promise<void> {
  const text = await readShort(body);
  if (api.isRefusal(status, text) && credential.name !== null) {
    await noteRefused(visit, api, credential, status);
    const message = `The model's provider does not take the credential ${credential.name}.`;
    throw new ModelRefusal(401, 'authentication', message);
  }
  const kept = responseHeaders(headers, ['content-length', 'content-encoding']);
  visit.response.writeHead(status, kept).end(withoutSecrets(text, credential));
}

/** Whatever is thrown below becomes one shape: RFC 9457 problem details, with `error`, `message` and `details` beside them. */
import {
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { isFailureName, type FailureName } from '../../workflows/contract/failures.ts';
import { isUnanswered } from '../grpc.ts';
import { Problem, problems, type ProblemCode } from '../problems.ts';
import type { RequestState } from '../request-state.ts';

/** The only table from failures to HTTP. */
const failureStatus: Record<FailureName, number> = {
  InvalidState: 409,
  ProviderUnavailable: 503,
  NoCapacity: 503,
  ProviderRefused: 502,
  QuotaExceeded: 503,
  BootFailed: 502,
  BootTimedOut: 504,
  ImageBuildFailed: 502,
  TerminalUnreachable: 503,
  MachineLost: 502,
  StillThere: 503,
  CallbackFailed: 502,
  CallbackRefused: 502,
  SecretMissing: 500,
  RepositoryMissing: 404,
  RepositoryUnreachable: 503,
  RepositoryTooLarge: 422,
  GitCredentialRefused: 422,
  BranchMissing: 404,
  BranchMoved: 409,
  BundleInvalid: 422,
  PublishRefused: 422,
  PullRequestRefused: 422,
  PublishFailed: 502,
  CheckpointUnreadable: 500,
  Busy: 429,
  CredentialRefused: 422,
  RunnerUnavailable: 503,
  RunnerLost: 502,
  AgentFailed: 502,
  AgentRefused: 422,
  LimitReached: 422,
};

/** What a caller is told. */
interface Answer {
  status: number;
  error: string;
  title: string;
  message: string;
  details: unknown;
  headers: Record<string, string>;
  extensions: Record<string, unknown>;
}

/** Stands above everything that may throw. What is not for the caller goes to the log alone. */
export function answerErrors(): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const answer = answerFor(error);
      if (answer.status >= 500) logFault(ctx.state.log, error, answer);
      const { status, error: code, title, message, details, headers, extensions } = answer;
      ctx.status = status;
      ctx.set(headers);
      ctx.body = {
        ...extensions,
        type: `urn:pawl:problem:${code}`,
        title,
        status,
        detail: message,
        instance: `urn:pawl:request:${ctx.state.requestId}`,
        error: code,
        message,
        details,
      };
      ctx.type = 'application/problem+json';
    }
  };
}

/** What is known to happen needs no stack: it says of itself what it is. */
function logFault(log: Logger, error: unknown, { error: code, title }: Answer): void {
  if (error instanceof Problem) log.warn({ code }, title);
  else log.error({ err: error, code }, title);
}

function answerFor(error: unknown): Answer {
  const known = error instanceof Problem ? error : (translateTemporal(error) ?? translateHttp(error));
  if (known) return { ...problems[known.code], ...pick(known) };
  const failure = error instanceof WorkflowUpdateFailedError ? error.cause : error;
  if (failure instanceof ApplicationFailure && isFailureName(failure.type)) {
    return answerForFailure(failure.type, failure.message);
  }
  return { ...problems.internal_error, ...pick(new Problem('internal_error', 'The log has the reason.')) };
}

function pick({ code, message, details, headers, extensions }: Problem): Omit<Answer, 'status' | 'title'> {
  return { error: code, message, details, headers, extensions };
}

function answerForFailure(name: FailureName, message: string): Answer {
  const words = name.replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const error = words.toLowerCase().replaceAll(' ', '_');
  return { status: failureStatus[name], error, title: words, message, details: null, headers: {}, extensions: {} };
}

/** gRPC's own words are for the log: they name addresses and internals. */
function translateTemporal(error: unknown): Problem | undefined {
  if (error instanceof WorkflowNotFoundError) return new Problem('workspace_not_found', 'There is no such workspace.');
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new Problem('worker_unavailable', workerSilent, { headers: { 'Retry-After': '5' } });
  }
  if (isUnanswered(error)) {
    return new Problem('temporal_unavailable', engineSilent, { headers: { 'Retry-After': '2' } });
  }
  return undefined;
}

// Neither can tell whether the request arrived; both may still act on it.
const engineSilent = 'The workflow engine does not answer. Asking again with the same Idempotency-Key is harmless.';
const workerSilent =
  'No worker took the request in time; the next one may still carry it out. Asking again is harmless.';

const codeForStatus: Record<number, ProblemCode> = {
  400: 'validation_error',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  501: 'method_not_allowed',
};

/** Errors of Koa and its middleware carry a status; below 500 their words are for the caller. */
function translateHttp(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const code = codeForStatus[error.status];
  return code && new Problem(code, error.message);
}

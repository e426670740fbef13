import { isGrpcServiceError } from '@temporalio/client';

const grpcCodes = { cancelled: 1, deadlineExceeded: 4, unavailable: 14 };

/** The code of a gRPC error, bare or wrapped by Temporal's client; `undefined` for any other error. */
export function grpcCodeOf(error: unknown): number | undefined {
  const bare = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(bare) ? Number(bare.code) : undefined;
}

/** Whether the call's deadline passed. The server may notice first: it gives the call up, and the client sees that. */
export function isOutOfTime(error: unknown): boolean {
  const code = grpcCodeOf(error);
  return code === grpcCodes.deadlineExceeded || code === grpcCodes.cancelled;
}

/** Whether the server could not be reached, or did not answer in time. */
export function isUnanswered(error: unknown): boolean {
  return isOutOfTime(error) || grpcCodeOf(error) === grpcCodes.unavailable;
}

import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC codes that mean something to a caller of this API. */
export const grpcCodes = { deadlineExceeded: 4, unavailable: 14 };

/** The code of a gRPC error, bare or wrapped by Temporal's client; `undefined` for any other error. */
export function grpcCodeOf(error: unknown): number | undefined {
  const bare = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(bare) ? Number(bare.code) : undefined;
}

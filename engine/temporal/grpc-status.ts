import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status codes that Pawl decides on. */
export const grpcStatus = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
} as const;

/** Whether the server answered with this status. */
export function hasStatus(error: unknown, status: keyof typeof grpcStatus): boolean {
  return isGrpcServiceError(error) && Number(error.code) === grpcStatus[status];
}

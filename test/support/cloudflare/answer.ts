/** What the stand-in answers, in Cloudflare's envelope. */
import type { V4PagePaginationArrayResponse } from 'cloudflare/core/pagination';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

export interface Outcome {
  status: number;
  body: object;
}

export interface ApiError {
  code: number;
  message: string;
}

export function success(result: unknown): Outcome {
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}

export function refusal(status: number, ...errors: ApiError[]): Outcome {
  return { status, body: { success: false, errors, messages: [], result: null } };
}

/** One page of the items; past the last, an empty one. */
export function page<Item>(items: readonly Item[], query: URLSearchParams, largest: number): Outcome {
  const number = Number(query.get('page') ?? 1);
  const size = Math.min(Number(query.get('per_page') ?? 20), largest);
  const result = items.slice((number - 1) * size, number * size);
  const answer: V4PagePaginationArrayResponse<Item> & { success: true; errors: []; messages: [] } = {
    ...{ success: true, errors: [], messages: [], result },
    result_info: { page: number, per_page: size },
  };
  return { status: 200, body: answer };
}

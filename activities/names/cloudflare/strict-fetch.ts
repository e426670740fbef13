/** Makes sure that what looks like a success is one, below a client that would take it for one. */

/** Cloudflare's envelope, as far as it matters here. */
interface Envelope {
  success?: boolean;
  result?: unknown;
}

/**
 * `fetch`, but an answer of status 200 that is not Cloudflare's word of success becomes a 502 with the same body: the client
 * would take `success: false`, a proxy's page, or half an answer for an empty list.
 */
export async function strictFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (!response.ok || response.status === 204) return response;
  const body = await response.text();
  const { headers, status } = response;
  return new Response(body, { headers, status: isSuccess(body) ? status : 502 });
}

function isSuccess(body: string): boolean {
  try {
    const { success, result } = JSON.parse(body) as Envelope;
    // The description of some answers has no `success`, only a result.
    return success ?? (result !== undefined && result !== null);
  } catch {
    return false;
  }
}

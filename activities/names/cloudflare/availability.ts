/** Whether names can be published now. */
import type { Availability } from '../../providers/provider.ts';
import type { Zone } from './records.ts';

/** Who does not answer so soon cannot be worked with. */
const patienceMs = 4000;

/** A good answer counts for so long: every worker asks, and Cloudflare counts all requests of an account. */
const freshMs = 60_000;

/**
 * A check that tries what the token must be able to do, reading only: the zone, its records and, where they are used, its
 * certificates.
 */
export function createAvailabilityCheck(
  openZone: (signal: AbortSignal) => Promise<Zone>,
  { domain, hasCertificates }: { domain: string; hasCertificates: boolean },
): () => Promise<Availability> {
  let goodUntil = 0;
  return async () => {
    if (performance.now() < goodUntil) return { available: true, reason: null };
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const { api, id } = await openZone(signal);
      await api.listRecords(id, { name: { exact: domain } }, signal);
      if (hasCertificates) await api.listCertificates(id, signal);
      goodUntil = performance.now() + freshMs;
      return { available: true, reason: null };
    } catch (error) {
      return { available: false, reason: reasonIn(error) };
    }
  };
}

function reasonIn(error: unknown): string {
  if (error instanceof DOMException) return `Cloudflare has not answered for ${patienceMs / 1000} s.`;
  return error instanceof Error ? error.message : String(error);
}

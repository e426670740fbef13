/** Cloudflare's API as Pawl uses it; the only file that knows its client library. */
import { APIError } from 'cloudflare/error';
import { BaseRecords, type RecordListParams, type RecordResponse } from 'cloudflare/resources/dns/records';
import {
  BaseOriginCACertificates,
  type OriginCACertificate,
  type OriginCACertificateCreateParams,
} from 'cloudflare/resources/origin-ca-certificates/origin-ca-certificates';
import { BaseZones, type Zone } from 'cloudflare/resources/zones/zones';
import { createClient } from 'cloudflare/tree-shakable';
import { strictFetch } from './strict-fetch.ts';
import { asFailure, isAnsweredWith } from './failures.ts';

/** Records that give a name an address; others of the same name are nobody's business here. */
export type AddressRecord = Extract<RecordResponse, { type: 'A' | 'AAAA' | 'CNAME' }>;

/** What is written of a record. */
export interface RecordContent {
  type: 'A' | 'AAAA';
  name: string;
  content: string;
  proxied: boolean;
  comment: string;
  /** Automatic; what proxied records have in any case. */
  ttl: 1;
}

export type OriginCertificate = OriginCACertificate & { id: string; certificate: string };
export type CertificateOrder = OriginCACertificateCreateParams;

export interface CloudflareOptions {
  apiToken: string;
  /** Cloudflare's own without it. */
  baseUrl: string | undefined;
}

export type CloudflareApi = ReturnType<typeof openCloudflareApi>;

/** A call that takes longer is given up; what became of it shows when it is repeated. */
const patienceMs = 15_000;

/** Big pages: each list costs one request more than it has pages. */
const perPage = { records: 100, certificates: 50 };

/**
 * Every call fails with a failure of the contract's list, says once what it has to say (Temporal repeats it), and takes
 * nothing for a success that is not one. Nothing is contacted yet.
 */
export function openCloudflareApi({ apiToken, baseUrl }: CloudflareOptions) {
  const { dns, zones, originCACertificates } = createClient({
    resources: [BaseRecords, BaseZones, BaseOriginCACertificates],
    apiToken,
    // Left out, the client would look into the environment for these by itself.
    ...{ apiKey: null, apiEmail: null, userServiceKey: null, logLevel: 'off' },
    ...(baseUrl !== undefined && { baseURL: baseUrl }),
    maxRetries: 0,
    timeout: patienceMs,
    fetch: strictFetch,
  });

  return {
    /** The zone of exactly this name, if the token may see it. */
    findZone: (name: string, signal: AbortSignal): Promise<Zone | undefined> =>
      named(signal, async () =>
        (await everything(zones.list({ name }, { signal }))).find((zone) => zone.name === name),
      ),

    /** Every address record that the filter lets through, from the first page to the last. */
    listRecords: (zoneId: string, filter: Pick<RecordListParams, 'name' | 'comment'>, signal: AbortSignal) =>
      named(signal, async () => {
        const query = { zone_id: zoneId, per_page: perPage.records, ...filter };
        return (await everything(dns.records.list(query, { signal }))).filter(isAddressRecord);
      }),

    /** One that exists in this very form already is as good as created. */
    createRecord: (zoneId: string, record: RecordContent, signal: AbortSignal): Promise<boolean> =>
      named(signal, () => done(dns.records.create({ zone_id: zoneId, ...record }, { signal }), identicalExists)),

    /**
     * The id of a new record that leads nowhere, or `undefined` when the name has an address already: a CNAME lies beside
     * none.
     */
    occupyName: (zoneId: string, record: Pick<RecordContent, 'name' | 'comment'>, signal: AbortSignal) =>
      named(signal, async () => {
        const leadingNowhere = { type: 'CNAME', content: 'removed.invalid', proxied: false, ttl: 1 } as const;
        try {
          return (await dns.records.create({ zone_id: zoneId, ...leadingNowhere, ...record }, { signal })).id;
        } catch (error) {
          if (isOccupied(error)) return undefined;
          throw error;
        }
      }),

    replaceRecord: (zoneId: string, id: string, record: RecordContent, signal: AbortSignal): Promise<boolean> =>
      named(signal, () => done(dns.records.update(id, { zone_id: zoneId, ...record }, { signal }), identicalExists)),

    /** Whether there was one; gone already is fine. */
    deleteRecord: (zoneId: string, id: string, signal: AbortSignal): Promise<boolean> =>
      named(signal, () => done(dns.records.delete(id, { zone_id: zoneId }, { signal }), isGone)),

    listCertificates: (zoneId: string, signal: AbortSignal): Promise<OriginCertificate[]> =>
      named(signal, async () => {
        const query = { zone_id: zoneId, per_page: perPage.certificates };
        return (await everything(originCACertificates.list(query, { signal }))).filter(isInForce);
      }),

    /** Has the Origin CA sign; the PEM of the certificate. */
    createCertificate: (order: CertificateOrder, signal: AbortSignal): Promise<OriginCertificate> =>
      named(signal, async () => (await originCACertificates.create(order, { signal })) as OriginCertificate),

    /** Gone already is fine. */
    revokeCertificate: (id: string, signal: AbortSignal): Promise<boolean> =>
      named(signal, () => done(originCACertificates.delete(id, { signal }), isGone)),
  };
}

async function everything<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of pages) found.push(item);
  return found;
}

/** Whether it was this call that did it. */
async function done(call: Promise<unknown>, isFineToo: (error: unknown) => boolean): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (!isFineToo(error)) throw error;
    return false;
  }
}

async function named<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
  try {
    signal.throwIfAborted();
    return await call();
  } catch (error) {
    // The client has an error of its own for this, which hides why it was cancelled.
    signal.throwIfAborted();
    throw error instanceof APIError ? asFailure(error) : error;
  }
}

function isAddressRecord(record: RecordResponse): record is AddressRecord {
  return record.type === 'A' || record.type === 'AAAA' || record.type === 'CNAME';
}

/** What was revoked is listed for a while, with a field that the client's types do not have. */
function isInForce(certificate: OriginCACertificate & { revoked_at?: string }): certificate is OriginCertificate {
  return certificate.id !== undefined && !certificate.revoked_at;
}

/** "A record with the same settings already exists", "An identical record already exists": a repeat of what was applied. */
function identicalExists(error: unknown): boolean {
  return error instanceof APIError && isAnsweredWith(error, [81057, 81058]);
}

/** "An A, AAAA, or CNAME record with that host already exists", "A CNAME record with that host already exists"; or the same. */
function isOccupied(error: unknown): boolean {
  return identicalExists(error) || (error instanceof APIError && isAnsweredWith(error, [81053, 81054]));
}

/** "Record does not exist." */
function isGone(error: unknown): boolean {
  return error instanceof APIError && (error.status === 404 || isAnsweredWith(error, [81044]));
}

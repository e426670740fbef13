/** The DNS records of the stand-in's one zone. */
import { randomBytes } from 'node:crypto';
import type { RecordCreateParams, RecordResponse } from 'cloudflare/resources/dns/records';
import { page, refusal, success, type Call, type Outcome } from './answer.ts';

export type AddressRecord = Extract<RecordResponse, { type: 'A' | 'AAAA' | 'CNAME' | 'TXT' }>;
export type NewRecord = Omit<Extract<RecordCreateParams, { type: AddressRecord['type'] }>, 'zone_id'>;

export interface DnsRecords {
  /** What there is, whatever the lists show. */
  all(): AddressRecord[];
  add(record: NewRecord): AddressRecord;
  /** The next so many lists show what there is now. */
  freezeLists(count: number): void;
  handle(call: Call, id: string | undefined): Outcome | undefined;
}

export function createDnsRecords(options: { largestPage: number; quota: number }): DnsRecords {
  const records = new Map<string, AddressRecord>();
  let frozen: { lists: number; shown: AddressRecord[] } = { lists: 0, shown: [] };

  function add(record: NewRecord): AddressRecord {
    const id = randomBytes(16).toString('hex');
    const now = new Date().toISOString();
    const stored = { meta: {}, proxiable: true, ...record, id, created_on: now, modified_on: now } as AddressRecord;
    records.set(id, stored);
    return stored;
  }

  function list(query: URLSearchParams): Outcome {
    const shown = frozen.lists > 0 ? frozen.shown : [...records.values()];
    frozen.lists -= 1;
    return page(
      shown.filter((record) => matches(record, query)),
      query,
      options.largestPage,
    );
  }

  function create(record: NewRecord): Outcome {
    const refused = refuse(record, [...records.values()]);
    if (refused) return refused;
    if (records.size >= options.quota) {
      return refusal(400, { code: 81045, message: 'The record quota has been exceeded.' });
    }
    return success(add(record));
  }

  function replace(id: string, record: NewRecord): Outcome {
    const known = records.get(id);
    if (!known) return missing;
    const refused = refuse(
      record,
      [...records.values()].filter((other) => other.id !== id),
    );
    if (refused) return refused;
    records.set(id, { ...known, ...record, modified_on: new Date().toISOString() });
    return success(records.get(id));
  }

  return {
    all: () => [...records.values()],
    add,
    freezeLists: (lists) => void (frozen = { lists, shown: [...records.values()] }),
    handle({ method, query, body }, id) {
      if (method === 'GET' && id === undefined) return list(query);
      if (method === 'POST' && id === undefined) return create(body as NewRecord);
      if (method === 'PUT' && id !== undefined) return replace(id, body as NewRecord);
      if (method === 'DELETE' && id !== undefined) return records.delete(id) ? success({ id }) : missing;
      return undefined;
    },
  };
}

const missing = refusal(404, { code: 81044, message: 'Record does not exist.' });

function refuse(record: NewRecord, others: AddressRecord[]): Outcome | undefined {
  const sameName = others.filter(({ name }) => name === record.name);
  if (sameName.some(({ type, content }) => type === record.type && content === record.content)) {
    return refusal(400, { code: 81058, message: 'An identical record already exists.' });
  }
  const isHost = ({ type }: { type: string }): boolean => ['A', 'AAAA', 'CNAME'].includes(type);
  const clashes = sameName.filter(isHost).some(({ type }) => [type, record.type].includes('CNAME'));
  if (clashes && isHost(record)) {
    return refusal(400, { code: 81053, message: 'An A, AAAA, or CNAME record with that host already exists.' });
  }
  return undefined;
}

function matches({ name, comment = '' }: AddressRecord, query: URLSearchParams): boolean {
  const tests: [filter: string, passes: (value: string) => boolean][] = [
    ['name.exact', (value) => name === value.toLowerCase()],
    ['comment.exact', (value) => comment === value],
    ['comment.startswith', (value) => comment.startsWith(value)],
  ];
  return tests.every(([filter, passes]) => !query.has(filter) || passes(query.get(filter) ?? ''));
}

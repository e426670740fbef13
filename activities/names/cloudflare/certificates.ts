/** Certificates of Cloudflare's Origin CA, which its proxy trusts and no browser does. */
import { X509Certificate } from 'node:crypto';
import { failure } from '../../failures.ts';
import type { OriginCertificate } from './api.ts';
import type { Zone } from './records.ts';

/** Longer than any workspace lives; it is revoked with its workspace. */
const validityDays = 365;

/**
 * The names of a certificate: what is published, and below it one that bears the installation's name. That one is the mark
 * by which a certificate is known to be ours; a certificate has no comment.
 */
export function certifiedNames(installation: string, published: string): string[] {
  return [published, `${installation}.${published.replace(/^\*\./, '')}`];
}

/**
 * The certificate for exactly these names and this request: the one that an earlier try was given, or a new one. Fails when
 * Cloudflare signs other names than were asked for, after revoking what it signed.
 */
export async function ensureCertificate(
  { api, id: zoneId }: Zone,
  { names, csr }: { names: string[]; csr: string },
  signal: AbortSignal,
): Promise<string> {
  const known = (await api.listCertificates(zoneId, signal)).find(
    (one) => sameText(one.csr, csr) && namesOf(one) === sorted(names),
  );
  const certificate = known ?? (await api.createCertificate(orderFor(names, csr), signal));
  if (certifies(certificate.certificate, names)) return certificate.certificate;
  await api.revokeCertificate(certificate.id, signal);
  throw failure('ProviderRefused', `Cloudflare signed other names than ${names.join(', ')}.`);
}

/** Revokes every certificate of one of these sets of names. */
export async function revokeCertificates(
  { api, id: zoneId }: Zone,
  nameSets: readonly string[][],
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set(nameSets.map(sorted));
  for (const one of await api.listCertificates(zoneId, signal)) {
    if (wanted.has(namesOf(one))) await api.revokeCertificate(one.id, signal);
  }
}

function orderFor(hostnames: string[], csr: string) {
  return { csr, hostnames, request_type: 'origin-ecc', requested_validity: validityDays } as const;
}

/** The machine's request may name anything; what was signed is what counts. */
function certifies(pem: string, names: string[]): boolean {
  const { subjectAltName = '' } = new X509Certificate(pem);
  return sorted(subjectAltName.split(', ').map((name) => name.replace(/^DNS:/, ''))) === sorted(names);
}

function namesOf({ hostnames }: OriginCertificate): string {
  return sorted(hostnames);
}

function sorted(names: readonly string[]): string {
  return names.toSorted().join(' ');
}

/** Line ends do not survive every way there and back. */
function sameText(one: string | undefined, other: string): boolean {
  return one?.replaceAll(/\s+/g, '') === other.replaceAll(/\s+/g, '');
}

/** The stand-in's Origin CA: signs for the names that it is told, as the real one does, whatever the request says. */
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type {
  OriginCACertificate,
  OriginCACertificateCreateParams,
} from 'cloudflare/resources/origin-ca-certificates/origin-ca-certificates';
import { page, refusal, success, type Call, type Outcome } from './answer.ts';

const dayMs = 86_400_000;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface OriginCa {
  /** Its own certificate, PEM. */
  root: string;
  /** What is in force. */
  all(): OriginCACertificate[];
  /** Names that it adds of its own accord from now on: a fault. */
  adds: string[];
  sign(order: OriginCACertificateCreateParams): Promise<OriginCACertificate>;
  handle(call: Call, id: string | undefined): Promise<Outcome | undefined>;
}

export async function createOriginCa({ largestPage }: { largestPage: number }): Promise<OriginCa> {
  const certificates = new Map<string, OriginCACertificate & { revoked_at?: string }>();
  const keys = await webcrypto.subtle.generateKey(ecdsa, false, ['sign', 'verify']);
  const name = 'O=Origin CA of the test';
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name, keys, signingAlgorithm: ecdsa },
    extensions: [new x509.BasicConstraintsExtension(true)],
  });
  const adds: string[] = [];

  async function sign(order: OriginCACertificateCreateParams): Promise<OriginCACertificate> {
    const { csr, hostnames, request_type, requested_validity = 5475 } = order;
    const request = new x509.Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) throw new Error('the request is not signed by its key');
    const notAfter = new Date(Date.now() + requested_validity * dayMs);
    const signed = await x509.X509CertificateGenerator.create({
      subject: 'O=Origin certificate of the test',
      issuer: root.subject,
      notBefore: new Date(Date.now() - dayMs),
      notAfter,
      publicKey: request.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ecdsa,
      extensions: [
        new x509.SubjectAlternativeNameExtension([...hostnames, ...adds].map((value) => ({ type: 'dns', value }))),
      ],
    });
    const id = BigInt(`0x${signed.serialNumber}`).toString();
    const certificate = signed.toString('pem');
    const kept = { id, csr, hostnames, request_type, requested_validity, certificate };
    certificates.set(id, { ...kept, expires_on: notAfter.toISOString() });
    return { ...kept, expires_on: notAfter.toISOString() };
  }

  async function create(order: OriginCACertificateCreateParams): Promise<Outcome> {
    try {
      return success(await sign(order));
    } catch {
      return refusal(400, { code: 1010, message: 'Failed to parse the certificate request.' });
    }
  }

  /** Revoked ones stay on the list for a while, marked as such. */
  function revoke(id: string): Outcome {
    const known = certificates.get(id);
    if (!known) return refusal(404, { code: 1001, message: 'Certificate not found.' });
    known.revoked_at = new Date().toISOString();
    return success({ id, revoked_at: known.revoked_at });
  }

  return {
    root: root.toString('pem'),
    adds,
    all: () => [...certificates.values()].filter(({ revoked_at }) => revoked_at === undefined),
    sign,
    async handle({ method, query, body }, id) {
      if (method === 'GET' && id === undefined) return page([...certificates.values()], query, largestPage);
      if (method === 'POST' && id === undefined) return await create(body as OriginCACertificateCreateParams);
      if (method === 'DELETE' && id !== undefined) return revoke(id);
      return undefined;
    },
  };
}

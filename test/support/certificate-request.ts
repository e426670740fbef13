/** A request for a certificate, as a machine makes one. */
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** PEM; `names` are those that it asks for, where a machine asks for none. */
export async function makeCertificateRequest(names: string[] = []): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'O=Pawl',
    keys,
    signingAlgorithm: ecdsa,
    extensions:
      names.length > 0
        ? [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))]
        : [],
  });
  return `${request.toString('pem')}\n`;
}

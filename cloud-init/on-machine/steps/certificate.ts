/** A certificate that the control plane has signed, for a key that never leaves this machine. */
import { chmodSync, writeFileSync } from 'node:fs';
import { insist } from '../control-plane.ts';
import type { MachineSettings } from '../machine.ts';
import { run } from '../run.ts';

/** Root and the proxy alone read the key. */
export const certificateFiles = { key: '/etc/caddy/pawl-key.pem', certificate: '/etc/caddy/pawl-certificate.pem' };

/** First the name must be in DNS, and for that its provider may be away for a while. */
const patienceMs = 15 * 60_000;

/** Makes a key and lays its certificate beside it. Fails with the control plane's words when there will be none. */
export async function obtainCertificate(machine: MachineSettings): Promise<void> {
  const csr = await makeRequest();
  const { answer, text } = await insist(machine, { route: 'certificate', body: { csr } }, patienceMs);
  if (answer !== 'accepted') throw new Error(`No certificate was signed: ${text || 'nobody answered'}`);
  const { certificate } = JSON.parse(text) as { certificate: string };
  writeFileSync(certificateFiles.certificate, certificate, { mode: 0o644 });
}

/** The names are not for the machine to choose, so its request has none. openssl is there: the list of authorities needs it. */
async function makeRequest(): Promise<string> {
  const { key } = certificateFiles;
  writeFileSync(key, '', { mode: 0o600 });
  await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key]);
  const csr = await run('openssl', ['req', '-new', '-sha256', '-subj', '/O=Pawl', '-key', key]);
  await run('chgrp', ['caddy', key]);
  chmodSync(key, 0o640);
  return csr;
}

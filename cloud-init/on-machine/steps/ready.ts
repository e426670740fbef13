/** Step `ready`: what a visitor will meet, tried from here. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { sessionCookie } from '../caddy-config.ts';
import type { MachineSettings } from '../machine.ts';
import { waitUntil } from '../wait-until.ts';
import { certificateFiles } from './certificate.ts';
import { sessionTokenFile } from './proxy.ts';

/** What a connection from here trusts: the root of the authority that Caddy makes for itself, or the one certificate that was signed. */
const trusted = {
  internal: '/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt',
  origin: certificateFiles.certificate,
};

/**
 * Resolves once port 443 shows a valid certificate, turns away who has no password, and leads who has one to the
 * terminal. (The machine knows the password's hash only; the session cookie stands for the password.)
 */
export async function awaitTerminalThroughProxy({ hostname, tls }: MachineSettings): Promise<void> {
  const cookie = `${sessionCookie}=${readFileSync(sessionTokenFile, 'utf8')}`;
  await waitUntil('the terminal answers through TLS and password', 60, async () => {
    const stranger = await statusOf(hostname, trusted[tls]);
    const visitor = await statusOf(hostname, trusted[tls], cookie);
    if (stranger === 401 && visitor === 200) return true;
    throw new Error(`without password ${stranger}, with password ${visitor}`);
  });
}

function statusOf(hostname: string, authority: string, cookie?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      servername: hostname,
      path: '/health',
      headers: { host: hostname, ...(cookie !== undefined && { cookie }) },
      ca: readFileSync(authority),
      // The root that signed for `origin` is Cloudflare's affair: what is there must be what was sent.
      allowPartialTrustChain: true,
      agent: false,
      timeout: 5000,
    };
    const probe = request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    probe.on('timeout', () => probe.destroy(new Error('no answer')));
    probe.on('error', reject).end();
  });
}

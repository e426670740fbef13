/** Step `proxy`: Caddy on 443, the only door of the machine. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { caddyConfig } from '../caddy-config.ts';
import type { MachineSettings } from '../machine.ts';
import { run } from '../run.ts';
import { installDropIn } from '../units.ts';
import { certificateFiles, obtainCertificate } from './certificate.ts';

/** Where the proxy's session token lies for `ready`; root alone reads it. */
export const sessionTokenFile = '/etc/pawl/session-token';

const configFile = '/etc/caddy/pawl.json';

/** Starts the proxy with a session token of its own making; it comes back after a reboot. */
export async function startProxy(machine: MachineSettings): Promise<void> {
  const sessionToken = randomBytes(24).toString('hex');
  if (machine.tls === 'origin') await obtainCertificate(machine);
  const config = caddyConfig({
    ...machine,
    sessionToken,
    ...(machine.tls === 'origin' && { files: certificateFiles }),
  });
  writeFileSync(sessionTokenFile, sessionToken, { mode: 0o600 });
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o640 });
  await run('chgrp', ['caddy', configFile]);
  installDropIn('caddy.service', 'caddy.conf');
  await run('systemctl', ['daemon-reload']);
  await run('systemctl', ['enable', '--quiet', 'caddy.service']);
  await run('systemctl', ['restart', 'caddy.service']);
}

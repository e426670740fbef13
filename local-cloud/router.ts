/** The process that leads `https://ui.<id>.vm.localhost:<MACHINES_PORT>/` to the right machine. */
import type { AddressInfo } from 'node:net';
import { openInstallationName } from '../config/installation.ts';
import { readRouterSettings } from './config.ts';
import { openDockerEngine } from './docker-engine.ts';
import { publishedPort } from './published-port.ts';
import { startSniRouter } from './sni-router.ts';

if (import.meta.main) {
  const engine = openDockerEngine();
  const settings = readRouterSettings();
  const installation = await openInstallationName(settings);
  const router = await startSniRouter({
    host: '127.0.0.1',
    port: settings.MACHINES_PORT,
    findPort: (name) => publishedPort(engine, installation, name),
  });
  process.send?.({ listening: (router.address() as AddressInfo).port });
  // Whoever started this process is gone: nobody would stop it any more.
  process.once('disconnect', () => process.exit());
}

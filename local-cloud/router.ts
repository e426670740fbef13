/** The process that leads `https://ui.<id>.vm.localhost:<MACHINES_PORT>/` to the right machine. */
import type { AddressInfo } from 'node:net';
import { readRouterSettings } from './config.ts';
import { openDockerEngine } from './docker-engine.ts';
import { publishedPort } from './published-port.ts';
import { startSniRouter } from './sni-router.ts';

if (import.meta.main) {
  const engine = openDockerEngine();
  const { MACHINES_PORT: port } = readRouterSettings();
  const router = await startSniRouter({ host: '127.0.0.1', port, findPort: (name) => publishedPort(engine, name) });
  process.send?.({ listening: (router.address() as AddressInfo).port });
  // Whoever started this process is gone: nobody would stop it any more.
  process.once('disconnect', () => process.exit());
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { openDockerEngine } from '../local-cloud/docker-engine.ts';
import type { CliSettings } from './config.ts';

/**
 * Where the machine listener listens, unless a setting says so. Local machines call over Docker's bridge, so it opens no other
 * door; where the engine runs in a virtual machine of its own, as on a desktop, their calls arrive on loopback.
 */
export async function machineListenerHost({ MACHINE_API_HOST, MACHINE_PROVIDER }: CliSettings): Promise<string> {
  if (MACHINE_API_HOST) return MACHINE_API_HOST;
  if (MACHINE_PROVIDER !== 'docker') return '0.0.0.0';
  const bridge = await openDockerEngine()
    .bridgeAddress()
    .catch(() => undefined);
  return bridge !== undefined && (await isOurs(bridge)) ? bridge : '127.0.0.1';
}

/** Whether this host has the address. Its list of interfaces does not tell: a bridge without containers is not on it. */
async function isOurs(host: string): Promise<boolean> {
  const server = createServer().listen(0, host);
  return await once(server, 'listening')
    .then(() => true)
    .catch(() => false)
    .finally(() => server.close());
}

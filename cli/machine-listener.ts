import { networkInterfaces } from 'node:os';
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
    .bridgeInterface()
    .catch(() => undefined);
  const addresses = bridge === undefined ? undefined : networkInterfaces()[bridge];
  return addresses?.find(({ family }) => family === 'IPv4')?.address ?? '127.0.0.1';
}

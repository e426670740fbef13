/** From a machine's name to its port on this host. */
import { workspaceIdIn } from '../workflows/contract/hostnames.ts';
import type { DockerEngine } from './docker-engine.ts';
import { workspaceLabels } from './labels.ts';

/**
 * Port on 127.0.0.1 where this installation's machine of this name (of either layout) takes TLS, or `undefined` when there is
 * no such machine. Asked anew each time: a machine that restarts gets another port.
 */
export async function publishedPort(
  engine: DockerEngine,
  installation: string,
  serverName: string,
): Promise<number | undefined> {
  const workspaceId = workspaceIdIn(serverName);
  if (workspaceId === undefined) return undefined;
  const [container] = await engine.listContainers(workspaceLabels(installation, workspaceId));
  return container?.Ports.find(({ PrivatePort, PublicPort }) => PrivatePort === 443 && PublicPort)?.PublicPort;
}

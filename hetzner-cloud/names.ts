/** Names at Hetzner. They are unique within a project, so of two that make one thing at the same time, one is told so. */
import { createHash } from 'node:crypto';

/** The ids that workspaces have; as they are of one length, a name tells where the installation's name ends. */
const commonWorkspaceId = /^ws-[a-z0-9]{6}$/;

const longestName = 63;

/**
 * The name of a workspace's server and of its firewall: a host name by RFC 1123, and never the same for another workspace
 * or installation.
 */
export function nameOf(installation: string, workspaceId: string): string {
  const name = `pawl-${installation}-${workspaceId}`;
  if (commonWorkspaceId.test(workspaceId) && name.length <= longestName) return name;
  const digest = createHash('sha256')
    .update(JSON.stringify([installation, workspaceId]))
    .digest('hex');
  return `pawl-${digest.slice(0, 40)}`;
}

/** The name of an installation's key; a key that is somebody's is told from others by its fingerprint. */
export function sshKeyName(installation: string, fingerprint?: string): string {
  return fingerprint === undefined ? `pawl ${installation}` : `pawl ${installation} ${fingerprint}`;
}

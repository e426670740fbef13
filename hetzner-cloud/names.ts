/** Names at Hetzner. They are unique within a project, so of two that make one thing at the same time, one is told so. */
import { createHash } from 'node:crypto';

/** The ids that workspaces and builds have; by their form and length, a name tells where the installation's name ends. */
const commonId = /^(ws-[a-z0-9]{6}|image-[a-z0-9]{8})$/;

const longestName = 63;

/**
 * The name of a server and of its firewall, by the id of what they are for: a host name by RFC 1123, and never the same
 * for another id or installation.
 */
export function nameOf(installation: string, id: string): string {
  const name = `pawl-${installation}-${id}`;
  if (commonId.test(id) && name.length <= longestName) return name;
  const digest = createHash('sha256')
    .update(JSON.stringify([installation, id]))
    .digest('hex');
  return `pawl-${digest.slice(0, 40)}`;
}

/** The name of an installation's key; a key that is somebody's is told from others by its fingerprint. */
export function sshKeyName(installation: string, fingerprint?: string): string {
  return fingerprint === undefined ? `pawl ${installation}` : `pawl ${installation} ${fingerprint}`;
}

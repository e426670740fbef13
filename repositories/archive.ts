/** The clone as one file, for a container to unpack. */
import type { Readable } from 'node:stream';
import { pack } from 'tar-fs';

/** The user of the containers that agents work in. */
const agentUid = 1000;

/** What a repository consists of; nothing of git's own passing notes. */
const entries = ['HEAD', 'config', 'objects', 'packed-refs', 'refs', 'shallow'];

/**
 * A tar of the bare repository, as `cloneRepository` leaves it. Its files are for the container to check out: names, links
 * and attributes of a stranger's repository then take effect there and never on this host.
 */
export function packClone(gitFolder: string): Readable {
  const isWanted = (file: string) => {
    const [first = ''] = file.slice(gitFolder.length + 1).split('/');
    return first === '' || entries.includes(first);
  };
  const tar = pack(gitFolder, {
    ignore: (file) => !isWanted(file),
    map: (header) => ({
      ...header,
      uid: agentUid,
      gid: agentUid,
      mode: header.type === 'directory' ? 0o755 : 0o644,
      mtime: new Date(0),
    }),
  });
  // The types of the library are those of an older stream.
  return tar as unknown as Readable;
}

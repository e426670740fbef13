/** Names of files, which are bytes, as strings. */

/** A name as people read it, from one with a character for each byte. */
export function shownPath(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** A name as the file system takes it. */
export function filePath(folder: string, bytes: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes, 'latin1')]);
}

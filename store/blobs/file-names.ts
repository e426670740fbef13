/**
 * Where a key lies below a folder. A file system may take `A` for `a`, gives `.` and `..` a meaning and limits the length of
 * names; so capitals and leading dots are written behind a `%`, and a long part becomes several folders, one in the other.
 */
import { partsOfKey } from './blob-key.ts';

/** Marks a folder whose name goes on in what it holds. */
const goesOn = '~';
const pieces = /.{1,100}/g;

/** The path of a key's file, relative to the folder. Fails with `InvalidBlobKey`. */
export function fileOfKey(key: string): string {
  return partsOfKey(key)
    .flatMap((part) => (part.match(pieces) ?? []).map(nameOfPiece))
    .join('/');
}

/** The key whose file has this relative path. */
export function keyOfFile(file: string): string {
  return file.replaceAll(`${goesOn}/`, '').replaceAll(/%(.)/g, (_, letter: string) => letter.toUpperCase());
}

function nameOfPiece(piece: string, index: number, all: string[]): string {
  const name = piece.replaceAll(/^\.|[A-Z]/g, (letter) => `%${letter.toLowerCase()}`);
  return index < all.length - 1 ? name + goesOn : name;
}

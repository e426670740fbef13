/** Looking for texts in whatever bytes there are, in the forms in which a program would carry them off. */
import { knownSecretFinder } from '../../repositories/gate/known-secrets.ts';

/** Bytes of one place, each with the name under which it was found there. */
export type Contents = Map<string, Buffer>;

/** Where the text is: as it is, in base64 at any offset, in hexadecimal, or percent-encoded. */
export function whereIs(text: string, contents: Contents): string[] {
  if (text.length < 8) throw new Error(`"${text}" is too short to be told from other texts`);
  const holdsIt = knownSecretFinder([text]);
  return [...contents].filter(([, bytes]) => holdsIt(bytes)).map(([name]) => name);
}

/** Each of these texts that is somewhere in the place, and where. */
export function findIn(contents: Contents, texts: Record<string, string>): Record<string, string[]> {
  const found = Object.entries(texts).map(([name, text]) => [name, whereIs(text, contents)] as const);
  return Object.fromEntries(found.filter(([, where]) => where.length > 0));
}

/** The very values that must not leave, in the forms in which they would be carried by accident or by a simple trick. */

/** A shorter value would be found everywhere. */
const minLength = 8;

/** Says of a content whether it holds one of the values: as it is, in base64 at any offset, or in hexadecimal. */
export function knownSecretFinder(values: readonly string[]): (content: Buffer) => boolean {
  const forms = values.filter((value) => value.length >= minLength).flatMap(formsOf);
  return (content) => forms.some((form) => content.includes(form));
}

function formsOf(value: string): Buffer[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].flatMap((offset) => base64At(bytes, offset));
  return [value, encodeURIComponent(value), hex, hex.toUpperCase(), ...base64].map((form) => Buffer.from(form));
}

/** The characters that do not depend on what stands before or after, in both alphabets. */
function base64At(bytes: Buffer, offset: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const first = offset === 0 ? 0 : offset + 1;
  const last = Math.floor((padded.length * 8) / 6);
  const text = padded.toString('base64').slice(first, last);
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}

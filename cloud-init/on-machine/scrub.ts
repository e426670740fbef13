/** Takes secrets out of what other programs say, so that their own words can be shown. */

/** The longest message that a report may carry. */
const maxCharacters = 2000;

/**
 * `text` without known secrets, credentials in URLs, authorization headers, and terminal colours. Keeps the end when it is
 * too long: that is where programs say what went wrong.
 */
export function scrub(text: string, secrets: readonly string[] = []): string {
  const known = secrets.reduce((kept, secret) => kept.replaceAll(secret, '***'), text);
  const clean = known
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1***@')
    .replace(/\b(authorization:\s*)[^\r\n]+/gi, '$1***')
    .replace(/\b((?:access_token|private_token|token|password|secret|key)=)[^\s&'"]+/gi, '$1***')
    .trim();
  return clean.length <= maxCharacters ? clean : `…${clean.slice(1 - maxCharacters)}`;
}

import type { Remote } from './remote.ts';

const maxLength = 500;

/**
 * What git (and, through it, a server) said, short enough for a person and safe to pass on: without the credential, however
 * it is written, without user names in URLs, and without characters that could act on a terminal.
 */
export function gitWords(stderr: string, remote?: Remote): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.trim());
  const telling = lines.filter((line) => /^(fatal|error|remote|!)/.test(line));
  const said = (telling.length > 0 ? telling : lines).map((line) => line.replace(/^(fatal:|error:|remote:|!) */, ''));
  const plain = [...new Set(said)].join('; ').replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return withoutCredential(plain, remote).slice(0, maxLength) || 'it said nothing';
}

function withoutCredential(text: string, remote?: Remote): string {
  const password = remote?.credential?.password ?? '';
  const forms = [password, encodeURIComponent(password), Buffer.from(password).toString('base64')];
  const hidden = forms.reduce((rest, form) => (form === '' ? rest : rest.replaceAll(form, '[hidden]')), text);
  return hidden.replaceAll(/(\w+:\/\/)[^/@\s']+@/g, '$1');
}

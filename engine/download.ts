import { createHash } from 'node:crypto';

const answerMs = 5_000;
const transferMs = 10 * 60_000;

/**
 * The file at `url`, checked against its SHA-256. Rejects when it is another file, or within seconds when the host does
 * not answer, so that a machine without internet loses little time.
 */
export async function download(url: string, sha256: string): Promise<Buffer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
  const signal = AbortSignal.any([silence.signal, AbortSignal.timeout(transferMs)]);
  const response = await fetch(url, { signal }).finally(() => clearTimeout(timer));
  if (!response.ok) throw new Error(`HTTP ${response.status} for ${url}`);

  const content = Buffer.from(await response.arrayBuffer());
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== sha256) throw new Error(`${url} has SHA-256 ${found} instead of ${sha256}`);
  return content;
}

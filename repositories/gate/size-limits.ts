import type { Change } from '../changes.ts';
import type { Finding } from './finding.ts';

export interface SizeLimits {
  maxFiles: number;
  maxFileBytes: number;
  maxTotalBytes: number;
}

/** What is too large: a file by itself, or all that is new together. */
export function sizeFindings(
  changes: readonly Change[],
  sizes: ReadonlyMap<string, number>,
  { maxFileBytes, maxTotalBytes }: SizeLimits,
): Finding[] {
  const sized = changes.flatMap(({ path, after }) => (after ? [{ path, bytes: sizes.get(after.oid) ?? 0 }] : []));
  const findings: Finding[] = sized
    .filter(({ bytes }) => bytes > maxFileBytes)
    .map(({ path, bytes }) => ({ path, rule: 'file-size', reason: `${inMb(bytes)}; at most ${inMb(maxFileBytes)}.` }));
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (total > maxTotalBytes) {
    const reason = `New content of ${inMb(total)}; at most ${inMb(maxTotalBytes)}.`;
    findings.push({ path: '(all files)', rule: 'total-size', reason });
  }
  return findings;
}

function inMb(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What only the content of the changed files can tell. */
import type { Change, Entry } from '../changes.ts';
import type { Git } from '../git.ts';
import { readContents } from '../read-objects.ts';
import type { Finding } from './finding.ts';
import { knownSecretFinder } from './known-secrets.ts';
import { startSecretScan, type SecretScan } from './secret-scan.ts';
import { symlinkFault } from './symlinks.ts';

type Written = Change & { after: Entry };

/** Reads all contents of these sizes, batch by batch, and looks at every change that brings one of them. */
export async function contentFindings(
  git: Git,
  changes: readonly Change[],
  sizes: ReadonlyMap<string, number>,
  secrets: readonly string[],
): Promise<Finding[]> {
  const checks = [symlinks, knownSecrets(secrets)];
  const written = changes.filter((change): change is Written => change.after !== null);
  // What the repository had before, under whatever name, is no news.
  const had = new Set(changes.map(({ before }) => before?.oid));
  const findings: Finding[] = [];
  await using scan = startSecretScan();
  for await (const contents of readContents(git, sizes)) {
    for (const change of written) {
      const content = contents.get(change.after.oid);
      if (!content) continue;
      findings.push(...checks.flatMap((check) => check(change, content)));
      if (!had.has(change.after.oid)) findings.push(...(await newSecrets(git, scan, change, content)));
    }
  }
  return findings;
}

function symlinks({ path, after }: Written, content: Buffer): Finding[] {
  const reason = after.mode === '120000' ? symlinkFault(path, content.toString()) : undefined;
  return reason === undefined ? [] : [{ path, rule: 'symlink', reason }];
}

function knownSecrets(secrets: readonly string[]) {
  const holdsOne = knownSecretFinder(secrets);
  return ({ path }: Written, content: Buffer): Finding[] =>
    holdsOne(content) || holdsOne(Buffer.from(path))
      ? [{ path, rule: 'known-secret', reason: 'The file holds a credential of this run.' }]
      : [];
}

async function newSecrets(git: Git, scan: SecretScan, { path, before }: Written, content: Buffer): Promise<Finding[]> {
  try {
    let found = await scan.findIn(content);
    if (found.length > 0 && before) {
      const had = (await git(['cat-file', 'blob', before.oid])).toString('latin1');
      found = found.filter(({ text }) => !had.includes(text));
    }
    const kinds = [...new Set(found.map(({ kind }) => kind))];
    return kinds.map((kind) => ({ path, rule: 'secret', reason: `The file holds what looks like a secret: ${kind}.` }));
  } catch {
    return [{ path, rule: 'unreadable', reason: 'The file could not be searched for secrets in time.' }];
  }
}

/** What only the content of the changed files can tell. */
import type { Change, Entry } from '../changes.ts';
import { GitError, OutputTooLong, type Git } from '../git.ts';
import { readContents } from '../read-objects.ts';
import type { Finding } from './finding.ts';
import { knownSecretFinder } from './known-secrets.ts';
import type { FoundSecret } from './secret-rules.ts';
import { startSecretScan, type SecretScan } from './secret-scan.ts';
import { symlinkFault } from './symlinks.ts';

/** A path whose content is new there. */
interface Written extends Change {
  after: Entry;
  content: Buffer;
}

/** Reads all contents of these sizes, batch by batch, and looks at every change that brings one of them. */
export async function contentFindings(
  git: Git,
  changes: readonly Change[],
  sizes: ReadonlyMap<string, number>,
  secrets: readonly string[],
): Promise<Finding[]> {
  const checks = [symlinks, knownSecrets(secrets)];
  // What the repository had before, under whatever name, is no news.
  const had = new Set(changes.map(({ before }) => before?.oid));
  const findings: Finding[] = [];
  await using scan = startSecretScan();
  for await (const contents of readContents(git, sizes)) {
    const written = changes.flatMap((change) => writtenIn(contents, change));
    findings.push(...written.flatMap((file) => checks.flatMap((check) => check(file))));
    const news = written.filter(({ after }) => !had.has(after.oid));
    findings.push(...(await newSecrets(git, scan, news)));
  }
  return findings;
}

function writtenIn(contents: ReadonlyMap<string, Buffer>, { path, before, after }: Change): Written[] {
  const content = after && contents.get(after.oid);
  return content ? [{ path, before, after, content }] : [];
}

function symlinks({ path, after, content }: Written): Finding[] {
  const reason = after.mode === '120000' ? symlinkFault(path, content.toString()) : undefined;
  return reason === undefined ? [] : [{ path, rule: 'symlink', reason }];
}

function knownSecrets(secrets: readonly string[]) {
  const holdsOne = knownSecretFinder(secrets);
  return ({ path, content }: Written): Finding[] =>
    holdsOne(content) || holdsOne(Buffer.from(path))
      ? [{ path, rule: 'known-secret', reason: 'The file holds a credential of this run.' }]
      : [];
}

async function newSecrets(git: Git, scan: SecretScan, files: readonly Written[]): Promise<Finding[]> {
  let found: FoundSecret[][];
  try {
    found = await scan.findIn(files.map(({ content }) => content));
  } catch {
    const reason = 'The files could not be searched for secrets in time.';
    return [{ path: '(all files)', rule: 'unreadable', reason }];
  }
  const findings: Finding[] = [];
  for (const [index, file] of files.entries()) findings.push(...(await secretsOf(git, file, found[index] ?? [])));
  return findings;
}

/** Those that the file did not have before. */
async function secretsOf(git: Git, { path, before }: Written, found: readonly FoundSecret[]): Promise<Finding[]> {
  if (found.length === 0) return [];
  const had = before ? await readText(git, before) : '';
  const kinds = found.filter(({ text }) => !had.includes(text)).map(({ kind }) => kind);
  return [...new Set(kinds)].map((kind) => ({
    path,
    rule: 'secret',
    reason: `The file holds what looks like a secret: ${kind}.`,
  }));
}

/** Empty for what is no file of ours, or too large to be read. */
async function readText(git: Git, { oid }: Entry): Promise<string> {
  try {
    return (await git(['cat-file', 'blob', oid])).toString('latin1');
  } catch (error) {
    if (error instanceof GitError || error instanceof OutputTooLong) return '';
    throw error;
  }
}

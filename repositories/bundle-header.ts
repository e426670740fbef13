/** The head of a git bundle (gitformat-bundle), read without believing any of it. */
import { open } from 'node:fs/promises';
import { RepositoryError } from './repository-error.ts';

export interface BundleHeader {
  /** The one commit that the bundle's branches point to. */
  tip: string;
  /** Where the pack begins. */
  packOffset: number;
}

/** Many times what a bundle of one branch needs. */
const maxHeaderBytes = 64 * 1024;

/**
 * Reads it as git writes it for one branch. git's own command is not used here: it believes a bundle that declares objects
 * left out, and checks none of those that are in it. Fails with `BundleInvalid`.
 */
export async function readBundleHeader(file: string): Promise<BundleHeader> {
  const start = await readStart(file);
  const end = start.indexOf('\n\n');
  if (end < 0) throw invalid('it has no end of its list of branches');
  const [signature = '', ...lines] = start.slice(0, end).split('\n');
  if (!/^# v[23] git bundle$/.test(signature)) throw invalid('it does not begin as one');
  const tips = new Set<string>();
  for (const line of lines) {
    const tip = tipOf(line);
    if (tip !== undefined) tips.add(tip);
  }
  const [tip, ...others] = tips;
  if (tip === undefined || others.length > 0) throw invalid('it does not hold exactly one branch');
  return { tip, packOffset: end + 2 };
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxHeaderBytes), 0, maxHeaderBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The commit of a branch; `undefined` for a line about something that the reader must have. */
function tipOf(line: string): string | undefined {
  if (/^-[0-9a-f]{40}( |$)/.test(line) || line === '@object-format=sha1') return undefined;
  const tip = /^([0-9a-f]{40}) (HEAD|refs\/)/.exec(line)?.[1];
  if (tip === undefined) throw invalid('a line of its head cannot be understood');
  return tip;
}

function invalid(reason: string): RepositoryError {
  return new RepositoryError('BundleInvalid', `What the agent left is not a git bundle: ${reason}.`);
}

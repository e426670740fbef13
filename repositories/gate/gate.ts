/** What an agent's work must pass before it leaves: nothing secret, nothing that runs elsewhere, nothing too large. */
import type { Change } from '../changes.ts';
import type { Git } from '../git.ts';
import { readSizes } from '../read-objects.ts';
import { contentFindings } from './content-findings.ts';
import type { Finding } from './finding.ts';
import { pathFindings } from './path-policy.ts';
import { sizeFindings, type SizeLimits } from './size-limits.ts';

export interface GatePolicy extends SizeLimits {
  /** May changes to CI files be published? */
  ciFiles: boolean;
}

/**
 * Every reason against these changes; none means that they may leave. `secrets` are values that must not be in them. What is
 * too large is not read.
 */
export async function findAgainst(
  git: Git,
  changes: readonly Change[],
  policy: GatePolicy,
  secrets: readonly string[],
): Promise<Finding[]> {
  const findings = changes.flatMap((change) => pathFindings(change, policy));
  const sizes = await readSizes(git, changes.flatMap(newBlob));
  const tooLarge = sizeFindings(changes, sizes, policy);
  findings.push(...tooLarge);
  if (tooLarge.length === 0) findings.push(...(await contentFindings(git, changes, sizes, secrets)));
  return findings;
}

function newBlob({ after }: Change): string[] {
  return after === null || after.mode === '160000' ? [] : [after.oid];
}

import { lastLineOf, type Report } from '../progress.ts';
import type { Installer } from './installer.ts';
import { type Finding, missing, type Requirement } from './requirement.ts';

/**
 * Sees to it that the requirement is met: activates or installs it where that is allowed. Never rejects: what cannot be
 * had is a finding, with what to do by hand and what works without it.
 */
export async function ensureRequirement(
  requirement: Requirement,
  installer: Installer,
  report: Report,
): Promise<Finding> {
  const before = await requirement.check();
  if (before.isThere) return before;
  if (installer.whyNot) return missing(explainMissing(requirement, before.detail, installer.whyNot));

  try {
    await installer.install(requirement.aptPackages, report);
    await requirement.activate?.(report);
  } catch (error) {
    return missing(explainMissing(requirement, before.detail, lastLineOf(error)));
  }
  const after = await requirement.check();
  return after.isThere ? after : missing(explainMissing(requirement, after.detail, 'the packages did not bring it'));
}

/** What is missing, why it was not installed, what to do, and what works without. */
export function explainMissing(requirement: Requirement, problem: string, whyNotInstalled: string): string {
  const { name, neededFor, aptPackages, byHand, without } = requirement;
  return `${name} is missing (${problem}). It is needed for ${neededFor}.
  Not installed, since ${whyNotInstalled}.
  To do: ${byHand}; on Debian or Ubuntu: sudo apt-get install ${aptPackages.join(' ')}
  Without it: ${without}.`;
}

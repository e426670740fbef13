/** What can be said about a change from its path and mode alone. */
import type { Change } from '../changes.ts';
import { isCiFile } from './ci-files.ts';
import type { Finding } from './finding.ts';

/** Removing a CI file is a change to it as well. */
export function pathFindings({ path, after }: Change, { ciFiles }: { ciFiles: boolean }): Finding[] {
  const findings: Finding[] = [];
  if (!ciFiles && isCiFile(path)) {
    const reason = 'Changes to CI files are not published, unless PUBLISH_CI_FILES is on.';
    findings.push({ path, rule: 'ci-file', reason });
  }
  if (after?.mode === '160000') {
    const reason = 'Submodules, and repositories within the repository, are not published.';
    findings.push({ path, rule: 'submodule', reason });
  }
  return findings;
}

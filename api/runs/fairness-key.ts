import { createHash } from 'node:crypto';

/** Temporal takes 64 bytes, and a URL may be longer; a few more characters than two keys could ever have in common. */
const keyCharacters = 22;

/**
 * What a run has a fair share of the runners' places with: the runs of one caller in one repository, or else in one session, wait
 * for each other rather than for everybody.
 */
export function fairnessKeyOf(run: { owner: string; sessionId: string; repository: { url: string } | null }): string {
  const worksOn = run.repository?.url ?? run.sessionId;
  return createHash('sha256')
    .update(JSON.stringify([run.owner, worksOn]))
    .digest('base64url')
    .slice(0, keyCharacters);
}

/** Where a run's bytes lie in the blob store. */

/** What a run is called: `run-` and ten characters. It becomes part of paths and keys, so nothing else may pass. */
export const runIdPattern = /^run-[a-z0-9]{10}$/;

/** Names of a run's files: no folders, and something besides dots. */
export const runFileName = /^(?!\.+$)[a-z0-9._-]{1,64}$/;

/** What the run is to do; written by Pawl, read by its container. */
export function runJobKey(runId: string): string {
  return `run/${runId}/job.json`;
}

/** Prefix of the files that go in and out of the run's container. */
export function runFilesPrefix(runId: string): string {
  return `run/${runId}/files/`;
}

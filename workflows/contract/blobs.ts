/**
 * Whose blobs are whose. The key of a blob begins with its owner: `run/run-k3x9a1b2c3/result.bundle` belongs to the workflow
 * `run:run-k3x9a1b2c3`, and may be forgotten some time after that has ended.
 */

/** The prefix of all blobs of a workflow like `run:<runId>`. */
export function blobPrefixOf(workflowId: string): string {
  return `${workflowId.replace(':', '/')}/`;
}

/** The workflow that owns the blobs under this prefix. */
export function ownerOfBlobs(prefix: string): string {
  return prefix.slice(0, -1).replace('/', ':');
}

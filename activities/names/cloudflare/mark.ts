/** Whose a record is: said in its comment, which every plan of Cloudflare's has (tags it has not). */

/** The comment of a workspace's record; 55 characters at most, of 100 that are allowed. */
export function markOf(installation: string, workspaceId: string): string {
  return `${markPrefix(installation)}${workspaceId}`;
}

/** How the marks of all workspaces of an installation begin. */
export function markPrefix(installation: string): string {
  return `pawl ${installation} `;
}

/** Which installation and workspace a comment names, or `undefined` when it is no mark. */
export function readMark(comment: string | undefined): { installation: string; workspaceId: string } | undefined {
  const [, installation, workspaceId] = /^pawl (\S+) (ws-[a-z0-9]{6})$/.exec(comment?.trim() ?? '') ?? [];
  return installation !== undefined && workspaceId !== undefined ? { installation, workspaceId } : undefined;
}

/** Where secrets lie in the store. Workflows carry these names at most, never the values. */

/** The account of the browser terminal, the same for every workspace; the password is each workspace's own. */
export const terminalUsername = 'dev';

/** All secrets of workspaces; the next part of a name is the workspace's id. */
export const workspaceSecretsPrefix = 'workspace/';

export function workspaceSecretNames(workspaceId: string): { all: string; password: string; machineToken: string } {
  const all = `${workspaceSecretsPrefix}${workspaceId}/`;
  return { all, password: `${all}password`, machineToken: `${all}machine-token` };
}

/** The secrets that sign a signer's callbacks: several while they are being changed, else one. */
export function callbackSecretNames(signer: string): { all: string; version: (number: number) => string } {
  const all = `callback/${signer}/`;
  return { all, version: (number) => `${all}${number}/secret` };
}

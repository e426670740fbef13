import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../store/store.ts';
import { terminalUsername, workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import type { Credentials } from '../answers.ts';

/** Makes the workspace's secrets unless they are there; the password returned is the one that is valid. */
export async function ensureCredentials(secrets: SecretStore, workspaceId: string): Promise<Credentials> {
  const names = workspaceSecretNames(workspaceId);
  const password = await secrets.ensure(names.password, randomBytes(18).toString('base64url'));
  await secrets.ensure(names.machineToken, randomBytes(32).toString('base64url'));
  return { username: terminalUsername, password };
}

/** The credentials of a workspace, while it has any. */
export async function readCredentials(secrets: SecretStore, workspaceId: string): Promise<Credentials | undefined> {
  const password = await secrets.read(workspaceSecretNames(workspaceId).password);
  return password === undefined ? undefined : { username: terminalUsername, password };
}

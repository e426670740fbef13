/** Step `terminal`: CloudCLI on loopback, with the workspace's account and project. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { workspaceFolder, workspaceUser } from '../machine.ts';
import type { MachineSettings } from '../machine.ts';
import { run } from '../run.ts';
import { installUnit } from '../units.ts';
import { waitUntil } from '../wait-until.ts';

const terminalUrl = 'http://127.0.0.1:3001';
const database = `/home/${workspaceUser}/.cloudcli/auth.db`;

/** Starts the terminal and makes its account and project, before the proxy lets anybody reach it. */
export async function startTerminal({ username, passwordHash, repoUrl }: MachineSettings): Promise<void> {
  installUnit('cloudcli.service');
  await run('systemctl', ['daemon-reload']);
  await run('systemctl', ['enable', '--now', '--quiet', 'cloudcli.service']);
  await waitUntil('the terminal answers', 60, async () => (await fetch(`${terminalUrl}/health`)).ok);

  const token = await registerAccount(username);
  setPasswordHash(username, passwordHash);
  await addProject(token, projectName(repoUrl));
  await skipOnboarding(token);
}

/** CloudCLI has one account, and whoever registers first has it. The password is never used: see `setPasswordHash`. */
async function registerAccount(username: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const { token } = (await post('/api/auth/register', { username, password })) as { token: string };
  return token;
}

/** The machine knows the password's hash only, and CloudCLI keeps hashes of the same kind. */
function setPasswordHash(username: string, passwordHash: string): void {
  const accounts = new DatabaseSync(database, { timeout: 5000 });
  try {
    accounts.prepare('UPDATE users SET password_hash = ? WHERE username = ?').run(passwordHash, username);
  } finally {
    accounts.close();
  }
}

async function addProject(token: string, customName: string): Promise<void> {
  await post('/api/projects/create-project', { path: workspaceFolder, customName }, token);
}

/** Who logs in sees the repository at once. Without a name in git's configuration, git itself says so at the first commit. */
async function skipOnboarding(token: string): Promise<void> {
  await post('/api/user/complete-onboarding', {}, token);
}

async function post(route: string, body: object, token?: string): Promise<unknown> {
  const response = await fetch(`${terminalUrl}${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The terminal answered ${response.status} to ${route}: ${await response.text()}`);
  return response.json();
}

/** `https://example.com/octocat/Hello-World.git` is shown as `Hello-World`. */
function projectName(repoUrl: string): string {
  return path.posix.basename(repoUrl.replace(/\/+$/, ''), '.git') || 'workspace';
}

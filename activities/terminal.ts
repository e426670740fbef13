/** Asks a workspace's terminal from outside, as its user's browser will. */
import https from 'node:https';
import { failure } from './failures.ts';
import type { Machine } from './providers/provider.ts';

const timeoutMs = 10_000;

/** Resolves when the terminal answers with the password and refuses without; else fails with `TerminalUnreachable`. */
export async function askTerminal(machine: Machine, account: { username: string; password: string }): Promise<void> {
  const open = await statusOf(machine, {});
  if (open !== 401) throw failure('TerminalUnreachable', `Without a password the terminal answers ${open}, not 401.`);

  const credentials = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const status = await statusOf(machine, { authorization: `Basic ${credentials}` });
  if (status !== 200)
    throw failure('TerminalUnreachable', `With the password the terminal answers ${status}, not 200.`);
}

function statusOf({ accessUrl, connectTo }: Machine, headers: Record<string, string>): Promise<number> {
  const { hostname, host, pathname } = new URL(accessUrl);
  const options = {
    ...connectTo,
    servername: hostname,
    path: pathname,
    headers: { ...headers, host },
    timeout: timeoutMs,
    agent: false,
    // Each machine has a certificate authority of its own. What is asked here is whether it answers, not who it is.
    rejectUnauthorized: false,
  };
  return new Promise((resolve, reject) => {
    const request = https.get(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    request.on('error', (error) => reject(failure('TerminalUnreachable', error.message)));
  });
}

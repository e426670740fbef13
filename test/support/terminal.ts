/** Somebody who comes in through the browser's door and types. */
import assert from 'node:assert/strict';
import { on } from 'node:events';
import { basicAuthorization, openShell, visit, type Visit } from './visitor.ts';

export interface Account {
  username: string;
  password: string;
}

export interface Session {
  /** Opens the door. */
  cookie: string;
  /** Opens the terminal behind it. */
  token: string;
}

/** Gives name and password at the door and at the terminal's own login; fails when either refuses. */
export async function logIn(to: Visit, { username, password }: Account): Promise<Session> {
  const entrance = await visit(to, '/', basicAuthorization(username, password));
  const cookie = entrance.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const login = await visit(to, '/api/auth/login', { cookie }, { username, password });
  assert.equal(login.status, 200, login.body);
  return { cookie, token: (JSON.parse(login.body) as { token: string }).token };
}

/** Types the command at the first prompt of a new shell; resolves with the output once it has the expected words. */
export async function outputOf(to: Visit, session: Session, command: string, expected: RegExp): Promise<string> {
  const shell = openShell(to, session.cookie, session.token);
  let output = '';
  let hasTyped = false;
  try {
    for await (const [message] of on(shell, 'message', { signal: AbortSignal.timeout(30_000) })) {
      output += (JSON.parse(String(message)) as { data?: string }).data ?? '';
      if (expected.test(output)) break;
      if (hasTyped || !/\$ $/.test(output)) continue;
      hasTyped = true;
      shell.send(JSON.stringify({ type: 'input', data: `${command}\r` }));
    }
    return output;
  } catch (error) {
    throw new Error(`The terminal did not say ${expected}, but: ${output}`, { cause: error });
  } finally {
    shell.terminate();
  }
}

/** Somebody who comes in through the browser's door and types. */
import assert from 'node:assert/strict';
import { on } from 'node:events';
import { basicAuthorization, openShell, visit, type Visit } from '../support/visitor.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** Logs in, opens a shell in the workspace, and sees its command's output; fails when any of that does not work. */
export async function useTerminal(to: Visit, { username, password }: Credentials): Promise<void> {
  const entrance = await visit(to, '/', basicAuthorization(username, password));
  const cookie = entrance.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const login = await visit(to, '/api/auth/login', { cookie }, { username, password });
  assert.equal(login.status, 200, login.body);
  const { token } = JSON.parse(login.body) as { token: string };
  assert.match(await outputOf(openShell(to, cookie, token), 'cat README.md; echo said-$((6*7))', /said-42/), /# hello/);
}

/** Types the command at the first prompt, and resolves with the output once it has the expected words. */
async function outputOf(shell: ReturnType<typeof openShell>, command: string, expected: RegExp): Promise<string> {
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

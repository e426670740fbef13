/** A visitor of a machine's terminal: comes in by name through the router, over TLS. */
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

export interface Visit {
  hostname: string;
  routerPort: number;
}

/** The machine's authority is its own, and Node does not resolve `*.localhost`. */
function connection({ hostname, routerPort }: Visit) {
  return { host: '127.0.0.1', port: routerPort, servername: hostname, rejectUnauthorized: false };
}

/** Sends one request; a body makes it a POST of JSON. */
export function visit(to: Visit, path: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      ...connection(to),
      path,
      method: body ? 'POST' : 'GET',
      headers: { host: `${to.hostname}:${to.routerPort}`, 'content-type': 'application/json', ...headers },
      agent: false,
    };
    const outgoing = request(options, (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

/** The header that a browser sends once its user has typed name and password. */
export function basicAuthorization(username: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** Opens a plain shell in the workspace, as the page's terminal does. */
export function openShell(to: Visit, cookie: string, token: string): WebSocket {
  const shell = new WebSocket(`wss://127.0.0.1:${to.routerPort}/shell?token=${encodeURIComponent(token)}`, {
    ...connection(to),
    headers: { host: to.hostname, cookie },
  });
  shell.on('open', () => {
    shell.send(JSON.stringify({ type: 'init', projectPath: '/workspace', isPlainShell: true, initialCommand: 'bash' }));
  });
  return shell;
}

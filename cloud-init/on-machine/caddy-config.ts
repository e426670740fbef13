/** The proxy's configuration, as Caddy's own JSON: values stay values, whatever characters they hold. */

export interface ProxySettings {
  /** Of the terminal. */
  hostname: string;
  /** What the certificate covers: the hostname itself, or a wildcard that it falls under. */
  coveredName: string;
  /** A certificate from elsewhere; without one, an authority of the machine's own signs. */
  files?: { certificate: string; key: string };
  username: string;
  passwordHash: string;
  /** Value of the cookie that stands for a password already given. */
  sessionToken: string;
}

export const sessionCookie = 'pawl_session';

/**
 * TLS for every name of the machine; `ui.` leads to the terminal, everything else is 404. The page's own requests carry
 * an `Authorization` header of CloudCLI's, which replaces the password: so the password is asked once and a cookie that
 * no script can read stands for it afterwards.
 */
export function caddyConfig(settings: ProxySettings): object {
  const { hostname, coveredName, username, passwordHash, sessionToken, files } = settings;
  const server = {
    listen: [':443'],
    // Without HTTP/3, whose connections the idle checker could not see.
    protocols: ['h1', 'h2'],
    automatic_https: files ? { disable: true } : { disable_redirects: true },
    // TLS it is, also when nothing about it is automatic.
    tls_connection_policies: [{}],
    routes: [
      { match: [{ host: [coveredName] }], handle: [terminalOr404(hostname, username, passwordHash, sessionToken)] },
      { handle: [notFound] },
    ],
  };
  return {
    // Whoever works in the terminal must not be able to reconfigure the door.
    admin: { disabled: true, config: { persist: false } },
    apps: {
      http: { servers: { machine: server } },
      tls: tlsApp(settings),
      pki: { certificate_authorities: { local: { install_trust: false } } },
    },
  };
}

function tlsApp({ coveredName, files }: ProxySettings): object {
  const internal = { automation: { policies: [{ subjects: [coveredName], issuers: [{ module: 'internal' }] }] } };
  return files ? { certificates: { load_files: [files] } } : internal;
}

const notFound = { handler: 'static_response', status_code: 404 };
const dropAuthorization = { handler: 'headers', request: { delete: ['Authorization'] } };
const terminal = { handler: 'reverse_proxy', upstreams: [{ dial: '127.0.0.1:3001' }] };

function terminalOr404(hostname: string, username: string, passwordHash: string, sessionToken: string): object {
  const hasSession = { header_regexp: { Cookie: { pattern: `(^|;\\s*)${sessionCookie}=${sessionToken}(;|$)` } } };
  return subroute([
    { match: [{ not: [{ host: [hostname] }] }], handle: [notFound], terminal: true },
    { match: [hasSession], handle: [withoutPassword()], terminal: true },
    { handle: [passwordGate(username, passwordHash), dropAuthorization, terminalThatRemembers(sessionToken)] },
  ]);
}

/** A password that still comes along would be taken by CloudCLI for one of its tokens. */
function withoutPassword(): object {
  return subroute([
    { match: [{ header: { Authorization: ['Basic *'] } }], handle: [dropAuthorization] },
    { handle: [terminal] },
  ]);
}

function passwordGate(username: string, passwordHash: string): object {
  const password = Buffer.from(passwordHash).toString('base64');
  const accounts = [{ username, password }];
  return {
    handler: 'authentication',
    providers: { http_basic: { accounts, hash: { algorithm: 'bcrypt' }, hash_cache: {} } },
  };
}

/** Sets the cookie on the answer, not before: a refused request must not carry it away. */
function terminalThatRemembers(sessionToken: string): object {
  const cookie = `${sessionCookie}=${sessionToken}; Path=/; Secure; HttpOnly; SameSite=Lax`;
  return { ...terminal, headers: { response: { add: { 'Set-Cookie': [cookie] } } } };
}

function subroute(routes: object[]): object {
  return { handler: 'subroute', routes };
}

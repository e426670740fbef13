/** The environment that every agent works in. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { AgentTurn } from '../agent.ts';

/**
 * Variables for the agent's program: HOME and a temporary folder on the volume, every proxy variable set to the gateway,
 * and what the request asked for. Nothing of the host's own environment but where programs and certificates are.
 */
export async function agentEnvironment({ home, gateway, options }: AgentTurn): Promise<Record<string, string>> {
  const temporary = path.join(home, 'tmp');
  await mkdir(temporary, { recursive: true });
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  return {
    LANG: 'C.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    NODE_EXTRA_CA_CERTS: certificates,
    ...options.env,
    HOME: home,
    TMPDIR: temporary,
    ...proxies(gateway),
  };
}

/** Programs disagree on the case of these names; Node's own `fetch` wants to be asked besides. */
function proxies({ url, token }: AgentTurn['gateway']): Record<string, string> {
  const proxy = new URL(url);
  proxy.username = 'run';
  proxy.password = token;
  const local = '127.0.0.1,localhost,::1';
  return {
    HTTP_PROXY: proxy.href,
    HTTPS_PROXY: proxy.href,
    http_proxy: proxy.href,
    https_proxy: proxy.href,
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: '1',
  };
}

/** Where each model API is found, for programs of which it is not known which they speak. The token stands for the key. */
export function modelEnvironment({ url, token }: AgentTurn['gateway']): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: token,
    OPENAI_BASE_URL: `${url}/openai/v1`,
    OPENAI_API_KEY: token,
    GOOGLE_GEMINI_BASE_URL: `${url}/gemini`,
    GEMINI_API_KEY: token,
  };
}

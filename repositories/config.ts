/** What git needs to know of the host it runs on; the only place here that reads the environment. */

/** Where programs are, and how the network is left. Nothing else of the environment reaches git. */
const inherited = ['PATH', 'HTTPS_PROXY', 'NO_PROXY', 'GIT_SSL_CAINFO'];

export function hostEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : [])),
  );
}

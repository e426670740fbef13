/** The whole environment of a git process: its configuration, and a credential if it talks to a remote. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostEnvironment } from './config.ts';
import type { Remote } from './remote.ts';

/** Where the repository of a piece of work lies, beside whatever else is in the work's folder. */
export function gitFolder(folder: string): string {
  return path.join(folder, 'repository.git');
}

const askpass = fileURLToPath(new URL('askpass.sh', import.meta.url));

/** Wins over whatever a repository's own configuration says. */
const configuration: Record<string, string> = {
  // Nothing that lies in a repository is ever run.
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'credential.helper': '',
  // Only what was asked for, in one pack whose size the system can limit, and nothing that goes on in the background.
  'submodule.recurse': 'false',
  'transfer.unpackLimit': '1',
  'transfer.bundleURI': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  // Memory stays bounded, also when an object claims to be huge.
  'core.bigFileThreshold': '16m',
  'core.packedGitWindowSize': '64m',
  'core.packedGitLimit': '512m',
  'pack.threads': '2',
  // A server that sends less than a byte a second for a minute is not there.
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '60',
};

/**
 * What git gets to see. Of the host there is nothing but the way to programs and to the network; no configuration of the
 * host or of a user counts. Without a remote no protocol is allowed; with one, https or http as its URL says. The credential is in
 * the environment of this process and its children alone: not in the URL, not among arguments, not on the disk.
 */
export function gitEnvironment(folder: string, remote?: Remote): Record<string, string> {
  return {
    ...hostEnvironment(),
    HOME: folder,
    TMPDIR: folder,
    LC_ALL: 'C',
    GIT_DIR: gitFolder(folder),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: askpass,
    ...protocolOf(remote),
    ...credentialOf(remote),
  };
}

function protocolOf(remote?: Remote): Record<string, string> {
  const given = remote && URL.parse(remote.url)?.protocol.slice(0, -1);
  const protocol = given === 'https' || given === 'http' ? given : '';
  // Plain http is trusted for the listed host alone, so it must not lead anywhere else.
  const followRedirects = protocol === 'https' ? 'initial' : 'false';
  return {
    GIT_ALLOW_PROTOCOL: protocol,
    ...asVariables({ ...configuration, 'http.followRedirects': followRedirects }),
  };
}

function asVariables(settings: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(settings);
  const variables = pairs.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...(Object.fromEntries(variables) as Record<string, string>) };
}

function credentialOf(remote?: Remote): Record<string, string> {
  if (!remote?.credential) return {};
  const { protocol, host } = new URL(remote.url);
  return {
    PAWL_GIT_SCHEME: protocol.slice(0, -1),
    PAWL_GIT_HOST: host,
    PAWL_GIT_USERNAME: remote.credential.username,
    PAWL_GIT_PASSWORD: remote.credential.password,
  };
}

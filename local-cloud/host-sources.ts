/** Where this host gets its software from; what is built here comes from the same places. */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface HostSources {
  debianMirror: string;
  debianSecurityMirror: string;
  npmRegistry: string;
}

/** The mirrors and the registry of this host, or everybody's. */
export async function hostSources(): Promise<HostSources> {
  const apt = aptSources();
  return {
    debianMirror: mirrorOf(apt, 'bookworm') ?? 'http://deb.debian.org/debian',
    debianSecurityMirror: mirrorOf(apt, 'bookworm-security') ?? 'http://deb.debian.org/debian-security',
    npmRegistry: await npmRegistry(),
  };
}

/** Certificate authorities that this host was told to trust. */
export function extraAuthorities(folder = '/usr/local/share/ca-certificates'): { name: string; content: string }[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.crt'))
    .map((name) => ({ name, content: readFileSync(path.join(folder, name), 'utf8') }));
}

/** The mirror that a list of apt sources, in either of its two notations, gives for a suite. */
export function mirrorOf(sources: string, suite: string): string | undefined {
  const line = new RegExp(`^deb (?:\\[[^\\]]*\\] )?(https?://\\S+) ${suite} .*\\bmain\\b`, 'm').exec(sources);
  if (line) return line[1]?.replace(/\/$/, '');
  const stanza = sources
    .split(/\n\s*\n/)
    .find((text) => new RegExp(`^Suites:.*\\s${suite}(\\s|$)`, 'm').test(text) && /^Components:.*\bmain\b/m.test(text));
  return stanza === undefined ? undefined : /^URIs:\s*(https?:\/\/\S+?)\/?(\s|$)/m.exec(stanza)?.[1];
}

function aptSources(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...namesIn(folder).map((name) => path.join(folder, name))];
  return files.map(textOf).join('\n\n');
}

async function npmRegistry(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  return stdout.trim().replace(/\/$/, '');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import path from 'node:path';
import { apiTokenFile } from '../config/api-token.ts';
import { apiUrl } from './addresses.ts';
import type { CliConfig } from './config.ts';

/** What to do next: where everything is, and the first workspace. Shows where the token is, never the token. */
export function welcome({ settings, cluster }: CliConfig, notes: readonly string[]): string {
  const token = settings.API_TOKEN ? '$API_TOKEN' : `$(cat ${shown(apiTokenFile(settings.PAWL_HOME))})`;
  const hasUi = !cluster && settings.TEMPORAL_UI;
  const lines = [
    `Pawl is running. Ctrl-C stops it.`,
    ``,
    `  API          ${apiUrl(settings)}`,
    ...(hasUi ? [`  Temporal UI  http://127.0.0.1:${settings.TEMPORAL_UI_PORT}`] : []),
    `  Token        ${settings.API_TOKEN ? 'as set by API_TOKEN' : shown(apiTokenFile(settings.PAWL_HOME))}`,
    `  Logs         ${shown(path.join(settings.PAWL_HOME, 'logs'))}`,
    ``,
    `Your first workspace:`,
    ``,
    `  curl -X POST ${apiUrl(settings)}/vms \\`,
    `    -H "Authorization: Bearer ${token}" \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '{"repoUrl": "https://github.com/octocat/Hello-World.git", "size": "small"}'`,
    ``,
    ...notes.flatMap((note) => [`! ${note}`, ``]),
  ];
  return `\n${lines.join('\n')}`;
}

/** A path the way a person standing here would write it. */
function shown(file: string): string {
  const relative = path.relative('', file);
  return relative.startsWith('..') ? file : relative;
}

/** The owner's bearer token. Apart from the installation, since only the API has to know it. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readOrMake } from './made-once.ts';

/** The owner's token: `API_TOKEN` where that is set, else the token file, made on first run. */
export async function openApiToken(settings: { PAWL_HOME: string; API_TOKEN?: string | undefined }): Promise<string> {
  return settings.API_TOKEN ?? (await readOrMake(apiTokenFile(settings.PAWL_HOME), newApiToken));
}

/** Where the token stays when `API_TOKEN` does not set it. */
export function apiTokenFile(home: string): string {
  return path.join(home, 'api-token');
}

function newApiToken(): string {
  return `pawl_${randomBytes(32).toString('base64url')}`;
}

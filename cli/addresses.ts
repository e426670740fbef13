import type { CliSettings } from './config.ts';

/** Where the API is reached from this machine. */
export function apiUrl({ HOST, PORT }: CliSettings): string {
  const isAnyAddress = HOST === '0.0.0.0' || HOST === '::';
  const host = isAnyAddress ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}

/** Where the Temporal Web UI asks for decrypted payloads. */
export function codecUrl({ CODEC_SERVER_PORT }: CliSettings): string {
  return `http://127.0.0.1:${CODEC_SERVER_PORT}`;
}

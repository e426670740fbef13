/** Hetzner's rules for what may be sent. */
import { invalidInput, notUnique, Refusal } from './refusal.ts';
import { living } from './state.ts';
import type { FakeThing } from './state.ts';

const word = /^[a-z0-9A-Z]([a-z0-9A-Z._-]{0,61}[a-z0-9A-Z])?$/;
const host = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

export function checkLabels(labels: Record<string, string> = {}): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!word.test(key.split('/').at(-1) ?? '')) throw invalidInput(`invalid label key '${key}'`);
    if (value !== '' && !word.test(value)) throw invalidInput(`invalid label value '${value}'`);
  }
}

export function checkServerName(name: string): void {
  if (!host.test(name)) throw invalidInput(`invalid server name '${name}'`);
}

export function checkUnique(things: Map<number, FakeThing>, name: string): void {
  if (living(things).some((thing) => thing.name === name)) throw notUnique(`name '${name}'`);
}

export function checkLimit(things: Map<number, FakeThing>, limit: number, what: string): void {
  if (living(things).length >= limit) throw new Refusal(403, 'resource_limit_exceeded', `${what} limit exceeded`);
}

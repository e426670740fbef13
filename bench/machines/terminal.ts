import { setTimeout as sleep } from 'node:timers/promises';
import { basicAuthorization, visit } from '../../test/support/visitor.ts';

export interface Account {
  username: string;
  password: string;
}

const pollMs = 50;
const patienceMs = 300_000;

/** Resolves once the terminal answers through TLS and password, at this port of 127.0.0.1. */
export async function untilUsable(hostname: string, port: number, { username, password }: Account): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while ((await statusOf(hostname, port, basicAuthorization(username, password))) !== 200) {
    if (performance.now() > deadline) throw new Error(`${hostname} has not become usable`);
    await sleep(pollMs);
  }
}

async function statusOf(hostname: string, routerPort: number, headers: Record<string, string>) {
  const answer = await visit({ hostname, routerPort }, '/', headers).catch(() => undefined);
  return answer?.status;
}

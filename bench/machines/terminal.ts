import { until } from '../../engine/until.ts';
import type { Account } from '../../test/support/terminal.ts';
import { basicAuthorization, visit } from '../../test/support/visitor.ts';

/** Resolves once the terminal answers through TLS and password, at this port of 127.0.0.1. */
export async function untilUsable(hostname: string, port: number, { username, password }: Account): Promise<void> {
  const isUsable = async () => (await statusOf(hostname, port, basicAuthorization(username, password))) === 200;
  await until(`${hostname} is usable`, isUsable, { pollMs: 50, deadlineMs: 300_000 });
}

async function statusOf(hostname: string, routerPort: number, headers: Record<string, string>) {
  const answer = await visit({ hostname, routerPort }, '/', headers).catch(() => undefined);
  return answer?.status;
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { SetupError } from './progress.ts';

export interface NeededPort {
  host: string;
  port: number;
  /** The setting that chooses it. */
  setting: string;
  /** What else helps when it is taken. */
  hint?: string;
}

/** Whether nobody listens there yet. */
export async function isFree({ host, port }: Pick<NeededPort, 'host' | 'port'>): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}

/** Rejects with `SetupError`, naming the setting, when another program has the port. */
export async function requireFreePort(needed: NeededPort): Promise<void> {
  if (await isFree(needed)) return;
  const { host, port, setting, hint } = needed;
  const remedy = `Choose another with ${setting}${hint ? `, or ${hint}` : ''}.`;
  throw new SetupError(`Port ${port} on ${host} is in use by another program. ${remedy}`);
}

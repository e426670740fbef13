/** A machine as a user of Pawl gets one: asked for over HTTP, used by its name, given back. */
import { z } from 'zod';
import { until } from '../../engine/until.ts';
import type { Installation } from '../../test/support/installation.ts';
import { timeMs } from '../support/time-ms.ts';
import { flagsLike } from './container-flags.ts';
import { untilUsable } from './terminal.ts';

const Created = z.object({ id: z.string(), credentials: z.object({ username: z.string(), password: z.string() }) });

export interface PawlMachineTimes {
  usableMs: number;
  stopMs: number;
  /** Of its container, for `docker run`. */
  flags: string[];
}

/** One workspace, from `POST /vms` to nothing left. */
export async function timePawlMachine(installation: Installation, repoUrl: string): Promise<PawlMachineTimes> {
  let id = '';
  const usableMs = await timeMs(async () => {
    const answer = await installation.call('POST', '/vms', { body: { repoUrl, size: 'small' } });
    if (answer.status !== 201) throw new Error(`not created: ${answer.text}`);
    const created = Created.parse(answer.body);
    id = created.id;
    await untilUsable(`ui.${id}.vm.localhost`, installation.machinesPort, created.credentials);
  });
  const [container = ''] = await installation.thingsOf(id);
  const flags = await flagsLike(container);
  const isGone = async (): Promise<boolean> => (await installation.thingsOf(id)).length === 0;
  const stopMs = await timeMs(async () => {
    await installation.call('DELETE', `/vms/${id}`);
    await until(`nothing is left of ${id}`, isGone, { pollMs: 50 });
  });
  return { usableMs, stopMs, flags };
}

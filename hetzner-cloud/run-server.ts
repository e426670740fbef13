/** From a server that exists to one that runs. */
import type { Action, Server } from './api.ts';
import { reasonOf, waitForAction } from './actions.ts';
import { lookUntil, pause } from './cloud.ts';
import type { HetznerCloud } from './cloud.ts';
import { CreationFailedError, exceptBusy, HetznerError, ownError } from './errors.ts';

/** Actions after which a server has run. */
const starts = ['start_server', 'reboot_server', 'reset_server'];

/**
 * Waits until the server runs, and starts it if it never did. A server that ran and was switched off is returned as it is.
 * One whose creation failed will never run: it is removed, and `CreationFailedError` thrown. Fails with `vanished` when
 * somebody else removes it meanwhile.
 */
export async function runServer(cloud: HetznerCloud, id: number): Promise<Server> {
  for (;;) {
    cloud.signal.throwIfAborted();
    const server = await cloud.api.getServer(id);
    if (!server || server.status === 'deleting') throw ownError('vanished', `server ${id} was removed meanwhile.`);
    if (server.status === 'running') return server;
    const actions = await cloud.api.listServerActions(id);
    await giveUpStillborn(cloud, id, actions);
    const ahead = actions.find(({ status }) => status === 'running');
    const hasRun = actions.some(({ command, status }) => starts.includes(command) && status === 'success');
    if (ahead) await waitForAction(cloud, ahead);
    else if (server.status !== 'off') await pause(cloud);
    else if (hasRun) return server;
    else await powerOn(cloud, id);
  }
}

async function powerOn(cloud: HetznerCloud, id: number): Promise<void> {
  try {
    const action = await waitForAction(cloud, await cloud.api.powerOnServer(id));
    if (action.status === 'error') throw new HetznerError(...reasonOf(action));
  } catch (error) {
    exceptBusy(error);
    await pause(cloud);
  }
}

async function giveUpStillborn(cloud: HetznerCloud, id: number, actions: Action[]): Promise<void> {
  const failed = actions.find(({ command, status }) => command === 'create_server' && status === 'error');
  if (!failed) return;
  await lookUntil(cloud, `server ${id}, whose creation failed, is gone`, async () => {
    await cloud.api.deleteServer(id).catch(exceptBusy);
    return (await cloud.api.getServer(id)) === undefined ? true : undefined;
  });
  throw new CreationFailedError(...reasonOf(failed));
}

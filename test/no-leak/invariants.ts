/** What must hold when a schedule is over: nothing is left, everything is told, everything is paid for no longer. */
import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { workspaceStream, workspaceWorkflowId } from '../../workflows/contract/workspace.ts';
import { lastEventTypes } from '../../workflows/contract/events.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import { living, type FakeThing } from '../support/hetzner/state.ts';
import { installation, type World } from './world.ts';

export interface Outcome {
  broken: string[];
  /** Of each workspace: how it ended, and how long its removal took, by the server's time. */
  workspaces: { status: string; removalSeconds: number }[];
  /** How many calls were made, by whom. */
  calls: Record<string, number>;
}

export interface WorkflowHistory {
  workflowId: string;
  history: History;
}

/** Looks at everything that is there still, and keeps the histories of the workspaces. */
export async function judge(client: Client, world: World, histories: WorkflowHistory[]): Promise<Outcome> {
  const ids = [...world.actors.keys()].filter((id) => id.startsWith(workspaceWorkflowId('')));
  const workspaces = [];
  for (const workflowId of ids) {
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    histories.push({ workflowId, history });
    workspaces.push(await endOf(client, world, workflowId, history));
  }
  world.broken.push(
    ...left(world).map((thing) => `${thing} is left`),
    ...world.strangers().map((thing) => `${thing}, of somebody else, is not as it was`),
    ...(await leftInStore(world)),
  );
  const calls = Object.fromEntries([...world.actors].map(([id, actor]) => [id, actor.calls]));
  return { broken: world.broken, workspaces, calls };
}

/** Everything with our mark; nothing of ours is shared by workspaces once there are none. */
function left({ hetzner: { state }, cloudflare }: World): string[] {
  const ours = ({ labels }: FakeThing) => labels['io.pawl.installation'] === installation;
  const things = { server: state.servers, firewall: state.firewalls, key: state.sshKeys };
  return [
    ...Object.entries(things).flatMap(([kind, all]) =>
      living<FakeThing>(all as Map<number, FakeThing>)
        .filter(ours)
        .map(({ id, name }) => `${kind} ${id} ${name}`),
    ),
    ...cloudflare.dns.all().flatMap(({ name, comment }) => (isOurMark(comment) ? [`record ${name}`] : [])),
    ...cloudflare.originCa
      .all()
      .flatMap(({ hostnames }) => (hostnames.some(isOurName) ? [`certificate ${hostnames.join(' ')}`] : [])),
  ];
}

function isOurMark(comment: string | undefined): boolean {
  return comment?.startsWith(`pawl ${installation} `) ?? false;
}

function isOurName(hostname: string): boolean {
  return hostname.startsWith(`${installation}.`);
}

async function leftInStore({ store }: World): Promise<string[]> {
  const secrets = await store.secrets.list('workspace/');
  const accounts = await store.costs.openAt('hetzner');
  return [
    ...secrets.map(({ name }) => `secret ${name} is left`),
    ...accounts.map(({ workspaceId, providerId }) => `server ${providerId} of ${workspaceId} is paid for still`),
  ];
}

async function endOf(
  client: Client,
  { store, broken }: World,
  workflowId: string,
  { events: history }: History,
): Promise<Outcome['workspaces'][number]> {
  const { status } = await client.workflow.getHandle<typeof workspaceLifecycle>(workflowId).result();
  const stream = workspaceStream(workflowId.slice(workspaceWorkflowId('').length));
  const events = await store.events.read(stream, { after: 0, limit: 1000 });
  const last = events.filter(({ type }) => lastEventTypes.includes(type)).map(({ type }) => type);
  if (last.join() !== `workspace.${status}` || events.at(-1)?.type !== last[0]) {
    broken.push(`${workflowId} is ${status}, and told ${last.join(', ') || 'nothing of its end'}`);
  }
  const begins = history?.find(
    ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'removeMachine',
  );
  const removalSeconds = Number(history?.at(-1)?.eventTime?.seconds) - Number(begins?.eventTime?.seconds);
  return { status, removalSeconds };
}

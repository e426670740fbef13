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
  workspaces: WorkspaceEnd[];
}

/** How a workspace ended, how long its removal took by the server's time, and for how much of that a cloud was away. */
export interface WorkspaceEnd {
  status: string;
  removalSeconds: number;
  outageSeconds: number;
}

export interface WorkflowHistory {
  workflowId: string;
  history: History;
  /** Where to write down what is wrong with it. */
  broken: string[];
}

/** Looks at everything that is there still, and keeps the histories of the workspaces. */
export async function judge(client: Client, world: World, histories: WorkflowHistory[]): Promise<Outcome> {
  const ids = [...world.actors.keys()].filter((id) => id.startsWith(workspaceWorkflowId('')));
  const workspaces = [];
  for (const workflowId of ids) {
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    histories.push({ workflowId, history, broken: world.broken });
    workspaces.push(await endOf(client, world, workflowId, history));
  }
  world.broken.push(
    ...left(world).map((thing) => `${thing} is left`),
    ...world.strangers().map((thing) => `${thing}, of somebody else, is not as it was`),
    ...(await leftInStore(world)),
  );
  return { broken: world.broken, workspaces };
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
  world: World,
  workflowId: string,
  { events: history }: History,
): Promise<WorkspaceEnd> {
  const handle = client.workflow.getHandle<typeof workspaceLifecycle>(workflowId);
  const { status } = await handle.result().catch(() => ({ status: 'without an end' }));
  const stream = workspaceStream(workflowId.slice(workspaceWorkflowId('').length));
  const events = await world.store.events.read(stream, { after: 0, limit: 1000 });
  const last = events.filter(({ type }) => lastEventTypes.includes(type)).map(({ type }) => type);
  if (last.join() !== `workspace.${status}` || events.at(-1)?.type !== last[0]) {
    world.broken.push(`${workflowId} is ${status}, and told ${last.join(', ') || 'nothing of its end'}`);
  }
  const begins = history?.find(
    ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'removeMachine',
  );
  const [from, to] = [begins, history?.at(-1)].map((event) => Number(event?.eventTime?.seconds));
  return { status, ...removalTimes(world, from, to) };
}

function removalTimes({ schedule, beganAt }: World, from = Number.NaN, to = Number.NaN): Omit<WorkspaceEnd, 'status'> {
  const outageSeconds = schedule.outages.map(({ fromMinute, minutes }) => {
    const begin = beganAt / 1000 + fromMinute * 60;
    return Math.max(0, Math.min(to, begin + minutes * 60) - Math.max(from, begin));
  });
  return { removalSeconds: to - from, outageSeconds: Math.max(0, ...outageSeconds) };
}

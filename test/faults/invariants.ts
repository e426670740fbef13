/** What holds after any crash, once things have settled. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../engine/until.ts';
import type { StoredEvent } from '../../store/store.ts';
import type { WorkspaceEventType } from '../../workflows/contract/events.ts';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { eventsOf, insist, listed, type Owned, type Workspace } from '../support/client.ts';
import { countCreations, readMachines } from '../support/scripted-provider.ts';
import type { Stack } from './stack.ts';

const birth: WorkspaceEventType[] = ['workspace.created', 'machine.created', 'workspace.running'];
type Middle = readonly WorkspaceEventType[];
const death: WorkspaceEventType[] = ['workspace.stopping', 'machine.removed', 'workspace.stopped'];

/** One machine, made once; every event once and in order; the request has one answer; the list agrees. */
export async function assertRunning(stack: Stack, workspace: Workspace): Promise<void> {
  assert.equal(machinesOf(stack, workspace), 1, 'machines');
  assert.equal(countCreations(stack.cloud, workspace.id), 1, 'machines ever made');
  await assertOneStory(stack, workspace, 'running');
}

/** No machine and no secret left, and nothing forgotten of the life, nor of what was asked for in its `middle`. */
export async function assertGone(stack: Stack, workspace: Workspace, middle: Middle = []): Promise<void> {
  assert.equal(machinesOf(stack, workspace), 0, 'machines');
  assert.deepEqual(await stack.store.secrets.list(`workspace/${workspace.id}/`), []);
  assert.equal(countCreations(stack.cloud, workspace.id), 1, 'machines ever made');
  await assertOneStory(stack, workspace, 'stopped', middle);
}

/** Its events are whole, its creation has one answer, and the list shows it once. */
export async function assertOneStory(
  owned: Owned,
  workspace: Workspace,
  status: 'running' | 'stopped',
  middle: Middle = [],
): Promise<void> {
  const expected = status === 'running' ? birth : [...birth, ...middle, ...death];
  assertEvents(await eventsOf(owned, workspace), expected);
  const again = await insist(owned, 'POST', '/vms', workspace.request);
  assert.deepEqual([again.status, again.text], [201, workspace.answer.text], 'the repeated request');
  // Lists may be a second behind.
  await until(`the list says once that ${workspace.id} is ${status}`, async () =>
    isDeepStrictEqual(await listed(owned, workspace), [status]),
  );
}

/** Machines report beside the lifecycle, so the two orders are looked at apart. That a call was repeated may be told, too. */
function assertEvents(events: StoredEvent[], expected: WorkspaceEventType[]): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  const steps = events.flatMap(({ type, data }) =>
    type === 'boot.step' ? [data as { step: string; status: string }] : [],
  );
  assert.deepEqual(
    steps.map(({ step, status }) => `${step} ${status}`),
    bootSteps.flatMap((step) => [`${step} started`, `${step} done`]),
  );
  const told = events.map(({ type }) => type).filter((type) => type !== 'boot.step' && type !== 'machine.retrying');
  assert.deepEqual(told, expected);
}

function machinesOf({ cloud }: Stack, { id }: Workspace): number {
  return readMachines(cloud).filter(({ workspaceId }) => workspaceId === id).length;
}

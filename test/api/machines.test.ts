import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { openControlPlane, type ControlPlane, type Created } from '../support/control-plane.ts';

describe('the reports of a machine', () => {
  let plane: ControlPlane;
  before(async () => void (plane = await openControlPlane()));
  after(() => plane[Symbol.asyncDispose]());

  function report({ id, machineToken: token }: Created, kind: string, body: unknown) {
    return plane.api.callAsMachine('POST', `/vms/${id}/${kind}`, { token, body });
  }

  async function eventsOf(id: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const { body } = await plane.api.call('GET', `/vms/${id}/events`, { headers: { Accept: 'application/json' } });
    return body['events'] as { type: string; data: Record<string, unknown> }[];
  }

  async function countSignals(id: string, name: string): Promise<number> {
    const { events = [] } = await plane.temporal.workflow.getHandle(`workspace:${id}`).fetchHistory();
    return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes?.signalName === name).length;
  }

  it('on its boot are kept once each, however often they come', async () => {
    const created = await plane.create();
    const step = { seq: 1, step: 'boot', status: 'done' };
    for (let round = 0; round < 3; round += 1) assert.equal((await report(created, 'boot', step)).status, 200);
    await report(created, 'boot', { seq: 2, step: 'packages', status: 'started' });
    const steps = (await eventsOf(created.id)).filter(({ type }) => type === 'boot.step');
    assert.deepEqual(
      steps.map(({ data }) => [data['step'], data['status']]),
      [
        ['boot', 'done'],
        ['packages', 'started'],
      ],
    );
  });

  it('on its boot reach the lifecycle when a step starts, and when the last one is done', async () => {
    const created = await plane.create();
    const reports = bootSteps.flatMap((step) => ['started', 'done'].map((status) => ({ step, status })));
    for (const [index, body] of reports.entries()) await report(created, 'boot', { seq: index + 1, ...body });
    await plane.reaches(created.id, 'running');

    assert.equal((await eventsOf(created.id)).filter(({ type }) => type === 'boot.step').length, reports.length);
    assert.equal(await countSignals(created.id, 'bootReported'), bootSteps.length + 1);
  });

  it('on a failed step end the workspace with the machine’s own words', async () => {
    const created = await plane.create();
    await report(created, 'boot', { seq: 1, step: 'clone', status: 'failed', message: 'fatal: repository not found' });
    await plane.reaches(created.id, 'failed');
    const state = await plane.state(created.id);
    assert.match(String(state['error']), /fatal: repository not found/);
    assert.equal(state['errorCode'], 'BootFailed');
  });

  it('by heartbeat are answered always and forwarded seldom', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    for (let seq = 1; seq <= 20; seq += 1) {
      const beat = { seq, idleSeconds: 5, keptAliveBy: [{ by: 'terminal', secondsAgo: 5 }] };
      assert.equal((await report(created, 'heartbeat', beat)).status, 200);
    }
    assert.equal(await countSignals(created.id, 'heartbeatReceived'), 1);
    const { state, keptAliveBy } = (await plane.state(created.id))['idle'] as Record<string, unknown>;
    assert.equal(state, 'active');
    assert.equal((keptAliveBy as { by: string }[])[0]?.by, 'terminal');
    const metrics = (await plane.api.call('GET', '/metrics')).text;
    assert.match(metrics, /^pawl_heartbeats_received_total 20$/m);
    assert.match(metrics, /^pawl_heartbeats_forwarded_total 1$/m);
  });

  const badReports: [kind: string, body: unknown][] = [
    ['boot', { seq: 0, step: 'boot', status: 'done' }],
    ['boot', { seq: 1, step: 'dance', status: 'done' }],
    ['boot', { seq: 1, step: 'boot', status: 'done', message: 'x'.repeat(2001) }],
    ['heartbeat', { seq: 1, idleSeconds: -1, keptAliveBy: [] }],
    ['heartbeat', { seq: 1, idleSeconds: 1, keptAliveBy: [{ by: 'magic', secondsAgo: 1 }] }],
    ['heartbeat', { seq: '1', idleSeconds: 1, keptAliveBy: [] }],
    ['cleanup', { reason: 'because' }],
  ];
  for (const [kind, body] of badReports) {
    it(`that do not fit are a 400: ${kind} ${JSON.stringify(body).slice(0, 70)}`, async () => {
      const answer = await report(await plane.create(), kind, body);
      assert.deepEqual([answer.status, answer.body['error']], [400, 'validation_error']);
    });
  }

  it('can ask for its removal, twice, and get the same answer', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    plane.script.before = async (call) => {
      if (call === 'removeMachine') await new Promise((resolve) => setTimeout(resolve, 200));
    };
    const first = await report(created, 'cleanup', { reason: 'idle_timeout' });
    const second = await report(created, 'cleanup', { reason: 'idle_timeout' });
    delete plane.script.before;
    assert.equal(first.status, 200);
    assert.deepEqual([first.body['id'], first.body['dnsCleanedUp']], [created.id, true]);
    assert.equal(second.text, first.text);
    await plane.reaches(created.id, 'stopped');
    assert.equal((await plane.state(created.id))['stopReason'], 'machine');
  });

  it('that still have a token find an ended workspace: cleanup is a 200, what it should hear of a 409', async () => {
    const created = await plane.create();
    await plane.api.call('DELETE', `/vms/${created.id}`);
    await plane.reaches(created.id, 'stopped');
    const late = { ...created, machineToken: await plane.api.machineTokenFor(created.id) };
    assert.equal((await report(late, 'cleanup', { reason: 'manual' })).status, 200);
    const beat = await report(late, 'heartbeat', { seq: 1, idleSeconds: 0, keptAliveBy: [] });
    const boot = await report(late, 'boot', { seq: 99, step: 'boot', status: 'started' });
    assert.deepEqual([beat.status, boot.status], [409, 409]);
  });

  it('find no way in once the workspace’s secrets are gone', async () => {
    const created = await plane.create();
    await plane.api.call('DELETE', `/vms/${created.id}`);
    await plane.reaches(created.id, 'stopped');
    assert.equal((await report(created, 'cleanup', { reason: 'manual' })).status, 401);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WorkspaceDetails } from '../../api/answers.ts';
import { CostPage } from '../../api/cost-answers.ts';
import { monthOf } from '../../api/costs/amounts.ts';
import type { MachineCost } from '../../store/store.ts';
import { openApi, type Api } from '../support/api.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { readMachines } from '../support/scripted-provider.ts';

const hourMs = 3_600_000;

function account(workspaceId: string, more: Partial<MachineCost> = {}): MachineCost {
  return {
    ...{ workspaceId, provider: 'hetzner', providerId: `machine-of-${workspaceId}`, currency: 'EUR' },
    ...{ hourlyMicros: 10_000, monthlyMicros: null, since: new Date().toISOString(), until: null },
    ...more,
  };
}

/** Some hours ago, but in this month. */
function hoursAgo(hours: number): string {
  return new Date(Math.max(Date.now() - hours * hourMs, monthOf(new Date()).from.getTime())).toISOString();
}

async function costs(api: Api, query = ''): Promise<CostPage> {
  return CostPage.parse((await api.call('GET', `/costs${query}`)).body);
}

describe('what a month has cost', () => {
  it('is told by workspace, newest first, with the total', async () => {
    await using api = await openApi();
    await api.store.costs.open(account('ws-aaaaaa', { since: hoursAgo(0) }));
    await api.store.costs.open(account('ws-bbbbbb', { hourlyMicros: 20_000, since: '2020-01-01T00:00:00.000Z' }));
    await api.store.costs.close({ provider: 'hetzner', workspaceId: 'ws-bbbbbb' }, new Date('2020-01-01T00:30:00Z'));
    const { workspaces, totals, month } = await costs(api);
    assert.deepEqual(
      workspaces.map(({ id, amount, currency, hourlyPrice, until }) => ({ id, amount, currency, hourlyPrice, until })),
      [{ id: 'ws-aaaaaa', amount: '0.01', currency: 'EUR', hourlyPrice: '0.01', until: null }],
    );
    assert.deepEqual(totals, [{ currency: 'EUR', amount: '0.01' }]);
    assert.equal(month, new Date().toISOString().slice(0, 7));

    const past = await costs(api, '?month=2020-01');
    assert.deepEqual(
      past.workspaces.map(({ id, amount, until }) => ({ id, amount, until })),
      [{ id: 'ws-bbbbbb', amount: '0.02', until: '2020-01-01T00:30:00.000Z' }],
    );
  });

  it('comes in pages, each workspace once, also when one was made twice in a millisecond', async () => {
    await using api = await openApi();
    const since = hoursAgo(0);
    const ids = ['ws-aaaaaa', 'ws-bbbbbb', 'ws-cccccc', 'ws-dddddd', 'ws-eeeeee'];
    for (const id of ids) await api.store.costs.open(account(id, { since }));
    const pages = [await costs(api, '?limit=2')];
    for (let cursor = pages[0]!.nextCursor; cursor !== null; cursor = pages.at(-1)!.nextCursor) {
      pages.push(await costs(api, `?limit=2&cursor=${cursor}`));
    }
    assert.deepEqual(pages.flatMap(({ workspaces }) => workspaces.map(({ id }) => id)).toSorted(), ids);
    assert.deepEqual(
      pages.map(({ count }) => count),
      [2, 2, 1],
    );
    for (const { totals } of pages) assert.deepEqual(totals, [{ currency: 'EUR', amount: '0.05' }]);
  });

  it('refuses a cursor of another month, and what is no month', async () => {
    await using api = await openApi();
    for (const id of ['ws-aaaaaa', 'ws-bbbbbb']) await api.store.costs.open(account(id));
    const { nextCursor } = await costs(api, '?limit=1');
    const foreign = await api.call('GET', `/costs?month=2020-01&cursor=${nextCursor}`);
    assert.deepEqual([foreign.status, foreign.body['error']], [400, 'invalid_cursor']);
    assert.equal((await api.call('GET', '/costs?month=2020-13')).status, 400);
  });

  it('is for the owner only', async () => {
    await using api = await openApi();
    assert.equal((await api.call('GET', '/costs', { token: null })).status, 401);
  });

  it('adds up what each currency has cost by itself', async () => {
    await using api = await openApi();
    await api.store.costs.open(account('ws-aaaaaa'));
    await api.store.costs.open(account('ws-bbbbbb', { currency: 'USD' }));
    const { totals } = await costs(api);
    assert.deepEqual(totals.map(({ currency }) => currency).toSorted(), ['EUR', 'USD']);
  });
});

describe('the cap on what a month may cost', () => {
  const settings = { MONTHLY_COST_CAP: '0.05 EUR', MACHINE_PROVIDER: 'hetzner' };
  type Parts = Record<string, { ready: boolean; reason: string | null }>;

  async function readiness(api: Api): Promise<{ ready: boolean; reason: string | null } | undefined> {
    return ((await api.call('GET', '/ready')).body['parts'] as Parts)['costs'];
  }

  it('shows at /ready and /providers when it is reached', async () => {
    await using api = await openApi({ settings });
    await api.store.costs.open(account('ws-aaaaaa', { hourlyMicros: 49_999 }));
    assert.deepEqual(await readiness(api), { ready: true, reason: null });
    await api.store.costs.open(account('ws-bbbbbb', { hourlyMicros: 1 }));
    const opensAt = monthOf(new Date()).to.toISOString();
    assert.equal(
      (await readiness(api))?.reason,
      `The monthly cost cap is reached; workspaces can be created again from ${opensAt}.`,
    );
    assert.deepEqual((await api.call('GET', '/providers')).body['costCap'], {
      ...{ amount: '0.05', currency: 'EUR', spent: '0.05', reached: true, opensAt },
    });
  });

  it('counts neither other months nor other currencies', async () => {
    await using api = await openApi({ settings });
    await api.store.costs.open(account('ws-aaaaaa', { hourlyMicros: 90_000, currency: 'USD' }));
    await api.store.costs.open(account('ws-bbbbbb', { hourlyMicros: 90_000, since: '2020-01-01T00:00:00.000Z' }));
    await api.store.costs.close({ provider: 'hetzner', workspaceId: 'ws-bbbbbb' }, new Date('2020-01-02T00:00:00Z'));
    assert.equal((await readiness(api))?.ready, true);
  });

  it('pauses nothing where machines are free', async () => {
    await using api = await openApi({ settings: { ...settings, MACHINE_PROVIDER: 'docker' } });
    await api.store.providerReports.report({ id: 'docker', available: true, reason: null, isFree: true });
    await api.store.costs.open(account('ws-aaaaaa', { hourlyMicros: 90_000 }));
    assert.equal((await readiness(api))?.ready, true);
  });

  it('must be an amount and a currency', async () => {
    await assert.rejects(openApi({ settings: { MONTHLY_COST_CAP: '50' } }), /MONTHLY_COST_CAP: .*like 50 EUR/);
  });
});

describe('a workspace that costs', () => {
  let plane: ControlPlane;
  before(async () => {
    plane = await openControlPlane();
    plane.script.prices = () => ({ hourlyPrice: { micros: 9_600, currency: 'EUR' } });
  });
  after(() => plane[Symbol.asyncDispose]());

  it('shows what, until its removal is proven and afterwards', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    const running = WorkspaceDetails.strict().parse(await plane.state(created.id));
    const machine = readMachines(plane.cloud).find(({ workspaceId }) => workspaceId === created.id);
    assert.deepEqual(running.cost, {
      ...{ amount: '0.0096', currency: 'EUR', hourlyPrice: '0.0096' },
      ...{ since: machine?.createdAt.toISOString(), until: null },
    });
    await plane.api.call('DELETE', `/vms/${created.id}`);
    await plane.reaches(created.id, 'stopped');
    const stopped = WorkspaceDetails.strict().parse(await plane.state(created.id));
    assert.equal(stopped.cost?.amount, '0.0096');
    assert.ok(stopped.cost?.until);
    assert.equal(stopped.expiresAt, null);
  });

  it('is not created once the cap is reached; nothing is made, and what runs goes on', async () => {
    const running = await plane.create();
    await plane.makeRunning(running);
    await using capped = await plane.openAnotherApi({ MONTHLY_COST_CAP: '0.005 EUR' });
    const secrets = (await plane.api.store.secrets.list('workspace/')).length;

    const { status, body } = await capped.call('POST', '/vms', { body: { repoUrl: 'https://git.test/hello.git' } });

    assert.deepEqual([status, body['error']], [409, 'monthly_cost_cap_reached']);
    const { cap, currency, opensAt } = body['details'] as Record<string, string>;
    assert.deepEqual([cap, currency, opensAt], ['0.005', 'EUR', monthOf(new Date()).to.toISOString()]);
    assert.equal((await plane.api.store.secrets.list('workspace/')).length, secrets);
    assert.equal((await plane.state(running.id))['status'], 'running');
    assert.equal((await plane.api.call('GET', '/ready')).status, 200);
    assert.equal((await capped.call('GET', '/ready')).status, 503);
    await plane.api.call('DELETE', `/vms/${running.id}`);
    await plane.reaches(running.id, 'stopped');
  });

  it('gets its answer when it was accepted before the cap was reached, and the answer was lost', async (context) => {
    const headers = { 'Idempotency-Key': 'before-the-cap' };
    const body = { repoUrl: 'https://git.test/hello.git' };
    // A crash behind the start and before the answer: the claim has a plan, and the workspace runs.
    const died = () => Promise.reject(new Error('the process died here'));
    const { mock } = context.mock.method(plane.api.store.idempotency, 'answer', died);
    assert.equal((await plane.api.call('POST', '/vms', { body, headers })).status, 500);
    mock.restore();

    await using capped = await plane.openAnotherApi({ MONTHLY_COST_CAP: '0.005 EUR' });
    const repeated = await capped.call('POST', '/vms', { body, headers });

    assert.equal(repeated.status, 201);
    assert.equal((await capped.call('POST', '/vms', { body })).status, 409);
    await plane.api.call('DELETE', `/vms/${String(repeated.body['id'])}`);
    await plane.reaches(String(repeated.body['id']), 'stopped');
  });

  it('says when it is stopped for its age, and no extension goes past that', async () => {
    const created = await plane.create();
    const acceptedAt = Date.parse(String(created.answer.body['createdAt']));
    const state = WorkspaceDetails.parse(await plane.state(created.id));
    const hours = (Date.parse(String(state.expiresAt)) - acceptedAt) / hourMs;
    assert.ok(hours >= 24 && hours < 24.01, `${hours} hours`);

    const extended = await plane.api.call('POST', `/vms/${created.id}/extend`, { body: { minutes: 1440 } });

    assert.equal(extended.body['message'], `The workspace is kept until its lifetime ends, at ${state.expiresAt}.`);
    await plane.api.call('DELETE', `/vms/${created.id}`);
    await plane.reaches(created.id, 'stopped');
  });
});

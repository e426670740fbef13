/** The smoke test itself is put to the test: it must clean up whatever happens, before it is let into real accounts. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { makeFirewall, makeServer } from '../support/hetzner/half-made.ts';
import { living } from '../support/hetzner/state.ts';
import { spec } from '../support/hetzner/world.ts';
import { simulateMachines } from '../support/simulated-machines.ts';
import { openDryRun, type DryRun } from './dry-run/dry-run.ts';

describe('the smoke test, in accounts that are none', { timeout: 300_000 }, () => {
  let dryRun: DryRun;
  let others: string[];

  before(async () => {
    dryRun = await openDryRun();
    makeFirewall(dryRun.hetzner, 'smoke-somebodys', 'ws-k3x9a1');
    dryRun.cloudflare.dns.add({ type: 'A', name: 'www.example.com', content: '192.0.2.1', ttl: 1, proxied: true });
    others = dryRun.things();
  });
  after(() => dryRun[Symbol.asyncDispose]());
  beforeEach(() => dryRun.terminal.answer(200));

  /** Plays the machines of running servers while the work goes on. */
  async function withMachines<Result>(work: () => Promise<Result>): Promise<Result> {
    const servers = (): { providerId: string; userData: string }[] =>
      living(dryRun.hetzner.state.servers)
        .filter(({ status }) => status === 'running')
        .map(({ id, userData }) => ({ providerId: String(id), userData }));
    const end = simulateMachines(servers);
    try {
      return await work();
    } finally {
      await end();
    }
  }

  it('makes a workspace, visits it by its name, removes it, and tells what it cost', async () => {
    const { code, output } = await withMachines(() => dryRun.run().ended);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /NOTE/);
    assert.match(output, /its terminal answers at its public name/);
    assert.match(output, /list nothing of it any more/);
    assert.match(output, /it cost 0\.\d+ EUR/);
    assert.deepEqual(dryRun.things(), others);
  });

  it('removes what it made when it is interrupted', async () => {
    const { interrupt, ended } = dryRun.run();
    await until('a server is there', () => living(dryRun.hetzner.state.servers).length > 0);
    interrupt();
    const { code, output } = await ended;
    assert.equal(code, 1, output);
    assert.match(output, /interrupted by SIGINT/);
    assert.deepEqual(dryRun.things(), others);
  });

  it('removes what a run left that was killed', async () => {
    const { hostname, userData } = spec;
    makeServer(dryRun.hetzner, 'smoke-killed', { workspaceId: 'ws-0wbnid', hostname, userData });
    const record = { type: 'A', name: 'ui-ws-0wbnid.example.com', content: '192.0.2.1', ttl: 1 } as const;
    dryRun.cloudflare.dns.add({ ...record, comment: 'pawl smoke-killed ws-0wbnid' });
    const { code, output } = await dryRun.run({}, ['remove', 'smoke-killed']).ended;
    assert.equal(code, 0, output);
    assert.deepEqual(dryRun.things(), others);
  });

  it('fails, and leaves nothing, when the providers let it make nothing', async (t) => {
    const { options } = dryRun.hetzner.state;
    t.after(() => void (options.serverLimit = 1000));
    options.serverLimit = 0;
    const { code, output } = await dryRun.run().ended;
    assert.equal(code, 1, output);
    assert.match(output, /FAILED: The workspace failed: QuotaExceeded/);
    assert.deepEqual(dryRun.things(), others);
  });

  it('begins nothing with a token that is not accepted', async () => {
    const { code, output } = await dryRun.run({ HCLOUD_TOKEN: 'another' }).ended;
    assert.equal(code, 1, output);
    assert.match(output, /FAILED: .* answers 401/);
  });

  it('says what it needs, and fails, when it is not told', async () => {
    const { code, output } = await dryRun.run({ HCLOUD_TOKEN: '', BASE_DOMAIN: '', MACHINE_API_URL: '' }).ended;
    assert.equal(code, 1);
    for (const name of ['HCLOUD_TOKEN', 'BASE_DOMAIN', 'MACHINE_API_URL'])
      assert.match(output, new RegExp(`${name}: `));
    assert.match(output, /It costs about a cent/);
  });
});

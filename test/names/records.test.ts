/** Records at Cloudflare: one for each workspace, ours alone, whatever its API does. */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import type { ApplicationFailure } from '@temporalio/common';
import type { NameProvider } from '../../activities/names/name-provider.ts';
import type { Call } from '../support/cloudflare/answer.ts';
import { startFakeCloudflare, type FakeCloudflare, type Fault } from '../support/cloudflare/fake-cloudflare.ts';
import { openCloudflareNames } from '../support/cloudflare/open-names.ts';
import { freePorts } from '../support/free-ports.ts';
import { isFailure } from '../support/is-failure.ts';

const never = new AbortController().signal;
const workspaceId = 'ws-k3x9a1';
const name = `*.${workspaceId}.vm.pawl.example.com`;
const workspace = { workspaceId, hostname: `ui.${workspaceId}.vm.pawl.example.com`, ipAddress: '192.0.2.7' };

describe('names at Cloudflare', () => {
  let cloudflare: FakeCloudflare;
  let names: NameProvider;

  beforeEach(async () => {
    await cloudflare?.[Symbol.asyncDispose]();
    cloudflare = await startFakeCloudflare({ largestPage: 2 });
    names = open();
  });
  after(() => cloudflare[Symbol.asyncDispose]());

  function open(settings: NodeJS.Dict<string> = {}): NameProvider {
    return openCloudflareNames(cloudflare, { BASE_DOMAIN: 'pawl.example.com', ...settings });
  }

  function published(): unknown[] {
    return cloudflare.dns.all().map(({ type, name, content, proxied, comment, ttl }) => {
      return { type, name, content, proxied, comment, ttl };
    });
  }

  const right = {
    type: 'A',
    name,
    content: '192.0.2.7',
    proxied: true,
    comment: `pawl pawl-test ${workspaceId}`,
    ttl: 1,
  };

  describe('publishing', () => {
    it('makes one record, proxied, marked as ours', async () => {
      await names.ensureName(workspace, never);
      assert.deepEqual(published(), [right]);
    });

    it('changes nothing when everything is there', async () => {
      await names.ensureName(workspace, never);
      cloudflare.requests.length = 0;
      await names.ensureName(workspace, never);
      assert.deepEqual(
        cloudflare.requests.filter((request) => !request.startsWith('GET')),
        [],
      );
    });

    it('makes an AAAA record for an IPv6 address, however it is spelled', async () => {
      await names.ensureName({ ...workspace, ipAddress: '2001:DB8:0:0::1' }, never);
      await names.ensureName({ ...workspace, ipAddress: '2001:db8::1' }, never);
      assert.deepEqual(published(), [{ ...right, type: 'AAAA', content: '2001:db8::1' }]);
    });

    it('publishes exactly the hostname in the flat layout', async () => {
      await names.ensureName({ ...workspace, hostname: `ui-${workspaceId}.pawl.example.com` }, never);
      assert.deepEqual(published(), [{ ...right, name: `ui-${workspaceId}.pawl.example.com` }]);
    });

    it('leaves the proxy away when it is told to', async () => {
      await open({ DNS_PROXIED: 'off' }).ensureName(workspace, never);
      assert.deepEqual(published(), [{ ...right, proxied: false }]);
    });

    it('replaces what lay under the name, in place, and removes what is too much', async () => {
      const stale = cloudflare.dns.add({ ...right, type: 'A', content: '192.0.2.1', ttl: 1 });
      for (const content of ['192.0.2.2', '192.0.2.3', '192.0.2.4']) {
        cloudflare.dns.add({ type: 'A', name, content, ttl: 1, proxied: true });
      }
      await names.ensureName(workspace, never);
      assert.deepEqual(published(), [right]);
      assert.equal(cloudflare.dns.all()[0]?.id, stale.id);
    });

    it('replaces a record of another type', async () => {
      cloudflare.dns.add({ type: 'CNAME', name, content: 'elsewhere.example.com', ttl: 1 });
      await names.ensureName(workspace, never);
      assert.deepEqual(published(), [right]);
    });

    it('leaves other records of the name alone', async () => {
      cloudflare.dns.add({ type: 'TXT', name, content: '"hello"', ttl: 1 });
      await names.ensureName(workspace, never);
      assert.deepEqual(
        cloudflare.dns.all().map(({ type }) => type),
        ['TXT', 'A'],
      );
    });

    it('never touches what another installation marked, and says whose it is', async () => {
      await open({ installation: 'other' }).ensureName({ ...workspace, ipAddress: '192.0.2.99' }, never);
      const before = published();
      const refusal = isFailure('ProviderRefused', /belongs to the installation other/);
      await assert.rejects(names.ensureName(workspace, never), refusal);
      await names.removeNames(workspaceId, never);
      assert.deepEqual(published(), before);
    });
  });

  describe('removing', () => {
    it('leaves nothing of the workspace, and everything of the others', async () => {
      await names.ensureName(workspace, never);
      const other = { workspaceId: 'ws-other1', hostname: 'ui.ws-other1.vm.pawl.example.com', ipAddress: '192.0.2.8' };
      await names.ensureName(other, never);
      await names.removeNames(workspaceId, never);
      assert.deepEqual(
        cloudflare.dns.all().map((record) => record.name),
        ['*.ws-other1.vm.pawl.example.com'],
      );
    });

    it('finds by its name a record that lost its mark, in either layout', async () => {
      cloudflare.dns.add({ type: 'A', name, content: '192.0.2.1', ttl: 1 });
      cloudflare.dns.add({ type: 'A', name: `ui-${workspaceId}.pawl.example.com`, content: '192.0.2.1', ttl: 1 });
      await names.removeNames(workspaceId, never);
      assert.deepEqual(published(), []);
    });

    it('finds by its mark a record whose name is no longer ours to guess', async () => {
      const comment = `pawl pawl-test ${workspaceId}`;
      cloudflare.dns.add({ type: 'A', name: 'older.example.com', content: '192.0.2.1', comment, ttl: 1 });
      await names.removeNames(workspaceId, never);
      assert.deepEqual(published(), []);
    });

    it('is content with nothing', async () => {
      await names.removeNames(workspaceId, never);
    });

    it('is content when somebody else removes at the same time', async () => {
      await names.ensureName(workspace, never);
      await Promise.all([names.removeNames(workspaceId, never), names.removeNames(workspaceId, never)]);
      assert.deepEqual(published(), []);
    });
  });

  describe('a list that lags behind', () => {
    it('makes no second record', async () => {
      cloudflare.dns.freezeLists(6);
      await names.ensureName(workspace, never);
      assert.deepEqual(published(), [right]);
    });

    for (const layout of [workspace, { ...workspace, hostname: `ui-${workspaceId}.pawl.example.com` }]) {
      it(`is not believed while it shows nothing of ${layout.hostname}, whose creation was cut off`, async () => {
        cloudflare.dns.freezeLists(12);
        cloudflare.script = ({ method }) => (method === 'POST' ? { answer: 'cut', applied: true } : undefined);
        await assert.rejects(names.ensureName(layout, never), isFailure('ProviderUnavailable'));
        cloudflare.script = undefined;
        assert.equal(published().length, 1);
        await names.removeNames(workspaceId, never);
        assert.deepEqual(published(), []);
      });
    }

    it('leaves nothing of what a removal laid under the name, when that was cut off', async () => {
      for (const method of ['POST', 'DELETE']) {
        cloudflare.dns.freezeLists(12);
        cloudflare.script = (call) => (call.method === method ? { answer: 'cut', applied: true } : undefined);
        await assert.rejects(names.removeNames(workspaceId, never), isFailure('ProviderUnavailable'));
        cloudflare.script = undefined;
        await names.removeNames(workspaceId, never);
        assert.deepEqual(published(), []);
      }
    });

    it('must do where Cloudflare lets nothing be laid under the name', async () => {
      const error = { code: 9007, message: 'Content for CNAME record is invalid.' };
      cloudflare.script = ({ method }) => (method === 'POST' ? { answer: { status: 400, error } } : undefined);
      await names.removeNames(workspaceId, never);
    });

    it('is waited for after a removal', async () => {
      await names.ensureName(workspace, never);
      cloudflare.dns.freezeLists(8);
      await names.removeNames(workspaceId, never);
      assert.deepEqual(published(), []);
    });
  });

  const isChange = ({ method }: Call): boolean => method !== 'GET';
  const isAny = (): boolean => true;
  const unavailable: [words: string, hits: (call: Call) => boolean, fault: Fault][] = [
    ['a 500', isAny, { answer: { status: 500 } }],
    ['a 503 without a word', isAny, { answer: { status: 503 } }],
    ['a connection that breaks', isAny, { answer: 'cut' }],
    ['a connection that breaks after the change', isChange, { answer: 'cut', applied: true }],
    ['a 502 after the change', isChange, { answer: { status: 502 }, applied: true }],
    ['an answer without success', isAny, { answer: 'unsuccessful' }],
    ['an answer without success after the change', isChange, { answer: 'unsuccessful', applied: true }],
    ['a page of HTML', isAny, { answer: 'html' }],
    ['a page of HTML after the change', isChange, { answer: 'html', applied: true }],
    ['half an answer', isAny, { answer: 'truncated' }],
    ['half an answer after the change', isChange, { answer: 'truncated', applied: true }],
  ];

  describe('a fault', () => {
    for (const [words, hits, fault] of unavailable) {
      it(`is a reason to try again, and does no harm: ${words}`, async () => {
        for (const call of ['ensure', 'remove'] as const) {
          const attempt = (): Promise<void> =>
            call === 'ensure' ? names.ensureName(workspace, never) : names.removeNames(workspaceId, never);
          cloudflare.script = (request) => (hits(request) ? fault : undefined);
          await assert.rejects(attempt(), isFailure('ProviderUnavailable'));
          cloudflare.script = undefined;
          await attempt();
          assert.deepEqual(published(), call === 'ensure' ? [right] : []);
        }
      });
    }

    it('is never taken for an empty list: what cannot be listed was not removed', async () => {
      await names.ensureName(workspace, never);
      for (const answer of ['unsuccessful', 'html', 'truncated'] as const) {
        cloudflare.script = ({ method }) => (method === 'GET' ? { answer } : undefined);
        await assert.rejects(names.removeNames(workspaceId, never), isFailure('ProviderUnavailable'));
        await assert.rejects(names.listResources(), isFailure('ProviderUnavailable'));
      }
    });

    it('says how long to wait when Cloudflare does', async () => {
      cloudflare.script = () => ({ answer: { status: 429, headers: { 'retry-after': '17' } } });
      await assert.rejects(names.ensureName(workspace, never), (error: unknown) => {
        assert.equal((error as ApplicationFailure).nextRetryDelay, 17_000);
        return isFailure('ProviderUnavailable')(error);
      });
      assert.equal(cloudflare.requests.length, 1);
    });

    it('is final when the token is not accepted, and names the permissions without the token', async () => {
      const token = 'another-token';
      await assert.rejects(open({ CLOUDFLARE_API_TOKEN: token }).ensureName(workspace, never), (error: unknown) => {
        const { message } = error as Error;
        assert.match(message, /CLOUDFLARE_API_TOKEN .*Zone\/DNS\/Edit.*Authentication error \(10000\)/);
        assert.doesNotMatch(message, new RegExp(token));
        return isFailure('ProviderRefused')(error);
      });
    });

    it('is not confused by other credentials in the environment', async (test) => {
      for (const name of ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_EMAIL', 'CLOUDFLARE_API_USER_SERVICE_KEY']) {
        process.env[name] = 'somebody-elses';
        test.after(() => delete process.env[name]);
      }
      await open().ensureName(workspace, never);
      const sent = Object.keys(cloudflare.lastHeaders);
      assert.deepEqual(
        sent.filter((header) => header.startsWith('x-auth')),
        [],
      );
    });

    it('is final when the zone is full', async () => {
      await using full = await startFakeCloudflare({ quota: 0 });
      const elsewhere = open({ CLOUDFLARE_BASE_URL: full.baseUrl });
      await assert.rejects(elsewhere.ensureName(workspace, never), isFailure('QuotaExceeded'));
    });

    it('gives way to a cancellation', async () => {
      const stop = new AbortController();
      const reason = new Error('cancelled');
      cloudflare.script = () => {
        stop.abort(reason);
        return undefined;
      };
      await assert.rejects(names.ensureName(workspace, stop.signal), reason);
    });
  });

  describe('the zone', () => {
    it('is the one with the longest name that the domain lies in', async () => {
      await using deeper = await startFakeCloudflare({ zoneName: 'pawl.example.com' });
      await open({ CLOUDFLARE_BASE_URL: deeper.baseUrl }).ensureName(workspace, never);
      assert.equal(deeper.dns.all().length, 1);
      assert.equal(deeper.requests.filter((request) => request === 'GET /zones').length, 2);
    });

    it('is not looked up when it is given', async () => {
      await open({ CLOUDFLARE_ZONE_ID: cloudflare.zone.id }).ensureName(workspace, never);
      assert.ok(!cloudflare.requests.includes('GET /zones'));
    });

    it('that is given and does not exist is said at once, with the setting', async () => {
      const { reason } = await open({ CLOUDFLARE_ZONE_ID: '0'.repeat(32) }).checkAvailability();
      assert.match(reason ?? '', /Could not route to the zone.*CLOUDFLARE_ZONE_ID/);
    });

    it('is looked for in no domain that is this host’s own', () => {
      for (const domain of ['', 'localhost', 'my.pawl.localhost']) {
        assert.throws(() => open({ BASE_DOMAIN: domain }), /BASE_DOMAIN: is not set, or no domain/);
      }
    });

    it('that does not exist is said at once', async () => {
      const { available, reason } = await open({ BASE_DOMAIN: 'pawl.example.org' }).checkAvailability();
      assert.equal(available, false);
      assert.match(reason ?? '', /sees no zone that BASE_DOMAIN=pawl.example.org lies in.*CLOUDFLARE_ZONE_ID/);
    });
  });

  describe('the check at start', () => {
    it('is content when zone and records can be read, and asks no more for a while', async () => {
      assert.deepEqual(await names.checkAvailability(), { available: true, reason: null });
      const { length } = cloudflare.requests;
      assert.deepEqual(await names.checkAvailability(), { available: true, reason: null });
      assert.equal(cloudflare.requests.length, length);
    });

    it('finds a token that may not read certificates when those are to be signed', async () => {
      cloudflare.script = ({ path }) =>
        path === '/certificates'
          ? { answer: { status: 403, error: { code: 10000, message: 'Authentication error' } } }
          : undefined;
      assert.equal((await names.checkAvailability()).available, true);
      const { available, reason } = await open({ MACHINE_TLS: 'origin' }).checkAvailability();
      assert.equal(available, false);
      assert.match(reason ?? '', /SSL and Certificates\/Edit with MACHINE_TLS=origin/);
    });

    it('never throws when nobody answers', async () => {
      const [port] = await freePorts(1);
      const away = open({ CLOUDFLARE_BASE_URL: `http://127.0.0.1:${port}/client/v4` });
      const { available, reason } = await away.checkAvailability();
      assert.equal(available, false);
      assert.match(reason ?? '', /Cloudflare does not answer as it should: Connection error.*ECONNREFUSED/);
    });
  });

  it('are listed from the first page to the last, ours alone', async () => {
    await open({ installation: 'pawl-test-2' }).ensureName(
      { ...workspace, workspaceId: 'ws-000000', hostname: 'ui.ws-000000.vm.pawl.example.com' },
      never,
    );
    cloudflare.dns.add({
      type: 'A',
      name: 'www.example.com',
      content: '192.0.2.1',
      ttl: 1,
      comment: 'pawl pawl-test but not quite',
    });
    const ids = ['ws-000001', 'ws-000002', 'ws-000003', 'ws-000004', 'ws-000005'];
    for (const id of ids) {
      await names.ensureName(
        { workspaceId: id, hostname: `ui.${id}.vm.pawl.example.com`, ipAddress: '192.0.2.7' },
        never,
      );
    }
    const resources = await names.listResources();
    assert.deepEqual(
      resources.map((resource) => [resource.provider, resource.kind, resource.workspaceId, resource.hourlyPrice]),
      ids.map((id) => ['cloudflare', 'dns-record', id, null]),
    );
    assert.ok(resources.every(({ createdAt }) => !Number.isNaN(Date.parse(createdAt))));
  });
});

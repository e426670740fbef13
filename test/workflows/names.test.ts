/** Names in DNS and certificates, as part of a workspace's life. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { makeCertificateRequest } from '../support/certificate-request.ts';
import type { Call } from '../support/cloudflare/answer.ts';
import { isRefusedUpdate } from '../support/is-refused-update.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

const named = { baseDomain: 'example.com' };

describe('a workspace whose machine needs a name', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  async function typesOf(story: Story): Promise<string[]> {
    const types = (await story.events()).map(({ type }) => type);
    return types.filter((type) => !['machine.retrying', 'boot.step'].includes(type));
  }

  function published(): string[] {
    return house.cloudflare.dns.all().map(({ name }) => name);
  }

  function assertNothingLeft(story: Story): void {
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(published(), []);
    assert.deepEqual(house.cloudflare.originCa.all(), []);
  }

  /** Holds what the activity does until it is released. */
  function hold(name: 'ensureName' | 'ensureCertificate'): { asked: Promise<void>; release: () => void } {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: answer, resolve: release } = Promise.withResolvers<void>();
    const real = house.activities[name] as (...args: unknown[]) => Promise<unknown>;
    house.replaced = {
      [name]: async (...args: unknown[]) => {
        ask();
        await answer;
        return await real(...args);
      },
    };
    return { asked, release };
  }

  it('publishes it once there is a machine, and takes it back with the machine', async () => {
    const story = await house.start(named);
    await story.reachesEvent('name.published');
    const { workspaceId, hostname } = story.input;
    assert.deepEqual(published(), [`*.${workspaceId}.vm.example.com`]);
    assert.equal(house.cloudflare.dns.all()[0]?.content, '127.0.0.1');

    await story.becomesReady();
    await story.stop();
    await story.ends();

    const types = await typesOf(story);
    assert.deepEqual(types.slice(0, 4), [
      'workspace.created',
      'machine.created',
      'name.published',
      'workspace.running',
    ]);
    assert.deepEqual(types.slice(5, 7).toSorted(), ['machine.removed', 'name.removed']);
    const event = (await story.events()).find(({ type }) => type === 'name.published');
    assert.deepEqual(event?.data, { hostname, ipAddress: '127.0.0.1' });
    assertNothingLeft(story);
  });

  it('asks for no name when its machine needs none', async () => {
    house.cloudflare.requests.length = 0;
    const story = await house.start();
    await story.becomesReady();
    await story.stop();
    await story.ends();
    assert.deepEqual(house.cloudflare.requests, []);
    assert.ok(!(await typesOf(story)).includes('name.removed'));
  });

  it('loses its machine at once although Cloudflare fails for an hour, and its name after that', async () => {
    const story = await house.start(named);
    await story.becomesReady();
    const stoppedAt = await story.now();
    house.cloudflare.script = () => ({ answer: { status: 500 } });
    await story.stop();
    await story.reachesEvent('machine.removed');
    assert.deepEqual(story.machines(), []);
    assert.equal(published().length, 1);

    await story.passes(60);
    await story.waitsFor('its name to be removed');
    assert.equal((await story.state()).status, 'stopping');
    house.cloudflare.script = undefined;

    assert.equal((await story.ends()).status, 'stopped');
    assert.ok((await story.endedAt()) - stoppedAt >= 3_600_000);
    assertNothingLeft(story);
  });

  it('gives its name back at once although the provider of machines fails for an hour', async () => {
    const story = await house.start(named);
    await story.becomesReady();
    house.script.before = (call) => {
      if (call === 'removeMachine') throw failure('ProviderUnavailable', 'not now');
    };
    await story.stop();
    await story.reachesEvent('name.removed');
    assert.deepEqual(published(), []);
    await story.passes(60);
    house.script = {};
    await story.ends();
    assertNothingLeft(story);
  });

  it('leaves no name when it is stopped while that is being published', async () => {
    const story = await house.start(named);
    const { asked, release } = hold('ensureName');
    await asked;
    await story.stop();
    release();
    assert.equal((await story.ends()).status, 'stopped');
    assertNothingLeft(story);
  });

  it('leaves no name when the publication was applied and never answered', async () => {
    const story = await house.start(named);
    const isChange = ({ method }: Call): boolean => method === 'POST';
    house.cloudflare.script = (call) => (isChange(call) ? { answer: 'cut', applied: true } : undefined);
    await story.reachesEvent('name.published');
    await story.bootReports('clone', 'failed', 'fatal: repository not found');
    assert.equal((await story.ends()).status, 'failed');
    assertNothingLeft(story);
  });

  it('fails with Cloudflare’s words when that refuses, and leaves nothing', async () => {
    const story = await house.start(named);
    house.cloudflare.script = ({ method }) =>
      method === 'POST'
        ? { answer: { status: 400, error: { code: 9005, message: 'Not a valid address' } } }
        : undefined;
    const ended = await story.ends();
    assert.deepEqual(
      [ended.status, ended.errorCode, ended.error],
      ['failed', 'ProviderRefused', 'Cloudflare says: Not a valid address (9005)'],
    );
    assertNothingLeft(story);
  });

  it('fails when Cloudflare stays away for as long as it may take, and is removed when that is back', async () => {
    const story = await house.start(named);
    house.cloudflare.script = () => ({ answer: { status: 503 } });
    await story.passes(21);
    await story.reachesEvent('machine.removed');
    assert.deepEqual(story.machines(), []);
    house.cloudflare.script = undefined;
    const ended = await story.ends();
    assert.equal(ended.status, 'failed');
    assert.match(ended.error ?? '', /Cloudflare does not answer as it should: status 503/);
    assertNothingLeft(story);
  });

  it('is removed even when Cloudflare refuses for good to remove, until it does not', async () => {
    const story = await house.start(named);
    await story.becomesReady();
    let refusals = 3;
    house.cloudflare.script = () => (refusals-- > 0 ? { answer: { status: 403 } } : undefined);
    await story.stop();
    assert.equal((await story.ends()).status, 'stopped');
    assertNothingLeft(story);
  });

  describe('and a certificate', () => {
    it('gets it signed once its name is published, and loses it in the end', async () => {
      const story = await house.start(named);
      const { asked, release } = hold('ensureName');
      await asked;
      const asking = story.certify(await makeCertificateRequest());
      release();
      const certificate = new X509Certificate((await asking).certificate);
      assert.ok(certificate.checkHost(story.input.hostname));
      assert.equal(house.cloudflare.originCa.all().length, 1);

      await story.becomesReady();
      await story.stop();
      await story.ends();
      assertNothingLeft(story);
    });

    it('gets one: the same request has the same answer, another is refused', async () => {
      const story = await house.start(named);
      const csr = await makeCertificateRequest();
      const [first, second] = await Promise.all([story.certify(csr), story.certify(csr)]);
      assert.equal(first.certificate, second.certificate);
      await assert.rejects(story.certify(await makeCertificateRequest()), isRefusedUpdate(/another certificate/));
      await story.becomesReady();
      assert.deepEqual(await story.certify(csr), first);
      await story.stop();
      await story.ends();
    });

    it('is refused once the workspace runs, and where a machine has no name', async () => {
      const story = await house.start(named);
      await story.becomesReady();
      await assert.rejects(story.certify(await makeCertificateRequest()), isRefusedUpdate(/running/));
      await story.stop();
      await story.ends();

      const nameless = await house.start();
      await nameless.reachesEvent('machine.created');
      await assert.rejects(nameless.certify(await makeCertificateRequest()), isRefusedUpdate(/no name in DNS/));
      await nameless.stop();
      await nameless.ends();
    });

    it('fails the workspace with Cloudflare’s words when that will not sign, and the machine hears that it ended', async () => {
      const story = await house.start(named);
      house.cloudflare.script = ({ method, path }) =>
        method === 'POST' && path === '/certificates'
          ? { answer: { status: 400, error: { code: 1100, message: 'Too many certificates' } } }
          : undefined;
      await assert.rejects(story.certify(await makeCertificateRequest()), isRefusedUpdate(/ended before/));
      assert.equal((await story.ends()).error, 'Cloudflare says: Too many certificates (1100)');
      assertNothingLeft(story);
    });

    it('loses one that was still being signed when it was stopped', async () => {
      const story = await house.start(named);
      await story.reachesEvent('name.published');
      const { asked, release } = hold('ensureCertificate');
      const asking = story.certify(await makeCertificateRequest());
      await asked;
      await story.stop();
      release();
      await asking;
      assert.equal((await story.ends()).status, 'stopped');
      assertNothingLeft(story);
    });
  });
});

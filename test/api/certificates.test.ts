/** Certificates, as machines ask for them. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { ResourceLedger } from '../../api/resource-answers.ts';
import { makeCertificateRequest } from '../support/certificate-request.ts';
import { openControlPlane, type ControlPlane, type Created } from '../support/control-plane.ts';
import type { Answer } from '../support/api.ts';

describe('a machine that needs a certificate', () => {
  let plane: ControlPlane;
  before(async () => void (plane = await openControlPlane({ BASE_DOMAIN: 'example.com' })));
  after(() => plane[Symbol.asyncDispose]());

  /** Asks again while the worker is too busy to answer in time, as machines do. */
  async function ask({ id, machineToken: token }: Pick<Created, 'id' | 'machineToken'>, csr: unknown): Promise<Answer> {
    for (;;) {
      const answer = await plane.api.callAsMachine('POST', `/vms/${id}/certificate`, { token, body: { csr } });
      if (answer.status !== 503) return answer;
    }
  }

  it('gets it for its own names, whatever else it asks for, and the same again', async () => {
    const created = await plane.create();
    const csr = await makeCertificateRequest(['example.com', '*.example.com']);
    const answer = await ask(created, csr);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body['id'], created.id);
    const certificate = new X509Certificate(String(answer.body['certificate']));
    assert.ok(certificate.checkHost(`ui.${created.id}.vm.example.com`));
    assert.equal(certificate.checkHost('www.example.com'), undefined);
    assert.equal((await ask(created, csr)).text, answer.text);
    assert.equal(plane.cloudflare.originCa.all().length, 1);
  });

  it('is seen in the ledger with its name and its certificate', async () => {
    const created = await plane.create();
    await ask(created, await makeCertificateRequest());
    const { resources } = (await plane.api.call('GET', '/resources')).body as unknown as ResourceLedger;
    const theirs = resources.filter(({ workspace }) => workspace?.id === created.id);
    assert.deepEqual(theirs.map(({ provider, kind, name }) => [provider, kind, name]).toSorted(), [
      ['cloudflare', 'certificate', `*.${created.id}.vm.example.com`],
      ['cloudflare', 'dns-record', `*.${created.id}.vm.example.com`],
      ['scripted', 'server', theirs.find(({ kind }) => kind === 'server')?.name],
    ]);
  });

  it('gets no second one', async () => {
    const created = await plane.create();
    assert.equal((await ask(created, await makeCertificateRequest())).status, 200);
    const { status, body } = await ask(created, await makeCertificateRequest());
    assert.deepEqual([status, body['error']], [409, 'certificate_refused']);
    assert.match(String(body['message']), /another certificate/);
  });

  it('needs its own token', async () => {
    const [one, other] = [await plane.create(), await plane.create()];
    const csr = await makeCertificateRequest();
    for (const token of [other.machineToken, 'guess', '']) {
      assert.equal((await ask({ id: one.id, machineToken: token }, csr)).status, 401);
    }
    const asOwner = await plane.api.callAsMachine('POST', `/vms/${one.id}/certificate`, { body: { csr } });
    assert.equal(asOwner.status, 401);
    assert.equal((await plane.api.call('POST', `/vms/${one.id}/certificate`, { body: { csr } })).status, 404);
  });

  const notRequests: [words: string, csr: unknown][] = [
    ['nothing', undefined],
    ['a number', 1],
    ['words', 'please'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['too much', `-----BEGIN CERTIFICATE REQUEST-----\n${'A'.repeat(4096)}\n-----END CERTIFICATE REQUEST-----\n`],
    ['two', '-----BEGIN CERTIFICATE REQUEST-----\nA\n-----END CERTIFICATE REQUEST-----\n'.repeat(2)],
  ];
  for (const [words, csr] of notRequests) {
    it(`is refused when it sends no request: ${words}`, async () => {
      const { status, body } = await ask(await plane.create(), csr);
      assert.deepEqual([status, body['error']], [400, 'validation_error']);
    });
  }

  it('hears that its workspace ended', async () => {
    const created = await plane.create();
    await plane.api.call('DELETE', `/vms/${created.id}`);
    await plane.reaches(created.id, 'stopped');
    const late = { id: created.id, machineToken: await plane.api.machineTokenFor(created.id) };
    const { status, body } = await ask(late, await makeCertificateRequest());
    assert.deepEqual([status, body['error']], [409, 'workspace_already_stopped']);
  });

  it('gets none without a name in DNS', async () => {
    const local = await plane.openAnotherApi({ BASE_DOMAIN: 'localhost' });
    try {
      const { body } = await local.call('POST', '/vms', { body: { repoUrl: 'https://git.test/hello.git' } });
      const id = String(body['id']);
      await plane.reaches(id, 'creating');
      const machineToken = await local.machineTokenFor(id);
      const { status, body: refusal } = await ask({ id, machineToken }, await makeCertificateRequest());
      assert.deepEqual([status, refusal['error']], [409, 'certificate_refused']);
    } finally {
      await local[Symbol.asyncDispose]();
    }
  });
});

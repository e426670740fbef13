/** Certificates of Cloudflare's Origin CA: for the machine's own names alone, and revoked with them. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import type { NameProvider } from '../../activities/names/name-provider.ts';
import { makeCertificateRequest } from '../support/certificate-request.ts';
import { startFakeCloudflare, type FakeCloudflare } from '../support/cloudflare/fake-cloudflare.ts';
import { openCloudflareNames } from '../support/cloudflare/open-names.ts';
import { isFailure } from '../support/is-failure.ts';

const never = new AbortController().signal;
const workspaceId = 'ws-k3x9a1';
const hostname = `ui.${workspaceId}.vm.example.com`;

describe('certificates of the Origin CA', () => {
  let cloudflare: FakeCloudflare;
  let names: NameProvider;

  beforeEach(async () => {
    await cloudflare?.[Symbol.asyncDispose]();
    cloudflare = await startFakeCloudflare({ largestPage: 2 });
    names = open();
  });
  after(() => cloudflare[Symbol.asyncDispose]());

  function open(settings: NodeJS.Dict<string> = {}): NameProvider {
    return openCloudflareNames(cloudflare, { MACHINE_TLS: 'origin', ...settings });
  }

  async function certify(csr: string, as = { workspaceId, hostname }): Promise<X509Certificate> {
    return new X509Certificate(await names.ensureCertificate({ ...as, csr }, never));
  }

  it('are signed for the names of the workspace, whatever the request asks for', async () => {
    const csr = await makeCertificateRequest(['example.com', '*.example.com', '*.ws-other1.vm.example.com']);
    const certificate = await certify(csr);
    assert.equal(
      certificate.subjectAltName,
      `DNS:*.${workspaceId}.vm.example.com, DNS:pawl-test.${workspaceId}.vm.example.com`,
    );
    assert.ok(certificate.checkHost(hostname));
    assert.equal(certificate.checkHost('ui.ws-other1.vm.example.com'), undefined);
    assert.ok(certificate.verify(new X509Certificate(cloudflare.originCa.root).publicKey));
  });

  it('cover exactly the hostname in the flat layout', async () => {
    const flat = { workspaceId, hostname: `ui-${workspaceId}.example.com` };
    const certificate = await certify(await makeCertificateRequest(), flat);
    assert.ok(certificate.checkHost(flat.hostname));
    assert.equal(certificate.checkHost('ui-ws-other1.example.com'), undefined);
  });

  it('are the same for the same request, also when the answer was lost', async () => {
    const csr = await makeCertificateRequest();
    cloudflare.script = ({ method }) => (method === 'POST' ? { answer: 'cut', applied: true } : undefined);
    await assert.rejects(certify(csr), isFailure('ProviderUnavailable'));
    cloudflare.script = undefined;
    const first = await certify(csr);
    const again = await certify(csr.replaceAll('\n', '\r\n'));
    assert.equal(again.fingerprint256, first.fingerprint256);
    assert.equal(cloudflare.originCa.all().length, 1);
  });

  it('are not handed out, and revoked, when they hold other names than were asked for', async () => {
    cloudflare.originCa.adds.push('www.example.com');
    await assert.rejects(certify(await makeCertificateRequest()), isFailure('ProviderRefused'));
    assert.deepEqual(cloudflare.originCa.all(), []);
  });

  it('are refused in Cloudflare’s words when the request is none', async () => {
    const csr = '-----BEGIN CERTIFICATE REQUEST-----\nbm9uZQ==\n-----END CERTIFICATE REQUEST-----\n';
    await assert.rejects(certify(csr), isFailure('ProviderRefused', /Failed to parse the certificate request/));
  });

  it('are revoked with the names, every one of the workspace and no other', async () => {
    const theirs = { workspaceId: 'ws-other1', hostname: 'ui.ws-other1.vm.example.com' };
    await certify(await makeCertificateRequest());
    await certify(await makeCertificateRequest());
    await certify(await makeCertificateRequest(), { workspaceId, hostname: `ui-${workspaceId}.example.com` });
    await certify(await makeCertificateRequest(), theirs);
    await open({ installation: 'other' }).ensureCertificate(
      { workspaceId, hostname, csr: await makeCertificateRequest() },
      never,
    );
    await cloudflare.originCa.sign({
      csr: await makeCertificateRequest(),
      hostnames: ['*.example.com'],
      request_type: 'origin-ecc',
    });

    await names.removeNames(workspaceId, never);

    assert.deepEqual(
      cloudflare.originCa.all().map(({ hostnames }) => hostnames[1] ?? hostnames[0]),
      ['pawl-test.ws-other1.vm.example.com', `other.${workspaceId}.vm.example.com`, '*.example.com'],
    );
  });

  it('are listed as ours by the name that bears our mark', async () => {
    await certify(await makeCertificateRequest());
    await open({ installation: 'other' }).ensureCertificate(
      { workspaceId, hostname, csr: await makeCertificateRequest() },
      never,
    );
    const resources = await names.listResources();
    assert.deepEqual(
      resources.map(({ kind, name, workspaceId: owner }) => [kind, name, owner]),
      [['certificate', `*.${workspaceId}.vm.example.com`, workspaceId]],
    );
  });

  it('are never asked for by an installation whose machines sign for themselves', async () => {
    const internal = open({ MACHINE_TLS: 'internal' });
    await internal.ensureName({ workspaceId, hostname, ipAddress: '192.0.2.7' }, never);
    await internal.checkAvailability();
    await internal.listResources();
    await internal.removeNames(workspaceId, never);
    assert.ok(!cloudflare.requests.some((request) => request.includes('/certificates')));
  });
});

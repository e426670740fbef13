/** A machine whose certificate is signed elsewhere, for a proxy that checks it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { CertificateRequest } from '../../workflows/contract/workspace.schema.ts';
import { createOriginCa, type OriginCa } from '../support/cloudflare/origin-ca.ts';
import { startTestMachine, type TestMachine } from '../support/test-machine.ts';
import { basicAuthorization, visit } from '../support/visitor.ts';

describe('a machine with a certificate of the Origin CA', { timeout: 900_000 }, () => {
  let originCa: OriginCa;
  let machine: TestMachine;

  before(async () => {
    originCa = await createOriginCa({ largestPage: 50 });
    machine = await startTestMachine({
      repositories: { 'hello.git': { 'README.md': '# hello\n' } },
      clone: 'hello.git',
      values: { tls: 'origin' },
      replies: { certificate: sign },
    });
    await machine.controlPlane.reportThat(
      ({ route, body }) =>
        route === 'boot' && (body['status'] === 'failed' || (body['step'] === 'ready' && body['status'] === 'done')),
      AbortSignal.timeout(150_000),
    );
  });

  after(() => machine.close());

  async function sign(body: Record<string, unknown>): Promise<object> {
    const { csr } = CertificateRequest.parse(body);
    const hostnames = [machine.hostname.replace(/^ui/, '*')];
    const { certificate } = await originCa.sign({ csr, hostnames, request_type: 'origin-ecc' });
    return { id: machine.workspaceId, certificate };
  }

  it('asks for it once, with its own token, and becomes ready', () => {
    const { reports } = machine.controlPlane;
    const asked = reports.filter(({ route }) => route === 'certificate');
    assert.deepEqual(
      asked.map(({ authorization }) => authorization),
      [`Bearer ${machine.token}`],
    );
    assert.deepEqual(reports.filter(({ route }) => route === 'boot').at(-1)?.body['message'], undefined);
    assert.equal(reports.filter(({ route }) => route === 'boot').at(-1)?.body['step'], 'ready');
  });

  it('shows it to whoever trusts that authority and asks for the machine’s name', async () => {
    const { hostname: servername, routerPort: port } = machine;
    const socket = connect({ host: '127.0.0.1', port, servername, ca: originCa.root });
    await once(socket, 'secureConnect');
    const shown = socket.getPeerX509Certificate();
    socket.destroy();
    assert.equal(shown?.fingerprint256, new X509Certificate(originCa.all()[0]?.certificate ?? '').fingerprint256);
  });

  it('still asks for the password', async () => {
    assert.equal((await visit(machine, '/')).status, 401);
    assert.equal((await visit(machine, '/', basicAuthorization(machine.username, machine.password))).status, 200);
  });

  it('keeps its key from the workspace’s user', async () => {
    const read = 'runuser -u dev -- cat /etc/caddy/pawl-key.pem 2>/dev/null || true';
    assert.equal(await machine.run(read), '');
    assert.match(await machine.run('cat /etc/caddy/pawl-key.pem'), /BEGIN EC PRIVATE KEY/);
  });
});

/** The router: by name, without looking inside, and gone with whoever started it. */
import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startSniRouter } from '../../local-cloud/sni-router.ts';
import { visit } from '../support/visitor.ts';

const run = promisify(execFile);

describe('the router', { timeout: 60_000 }, () => {
  const long = 'x'.repeat(3_000_000);
  let folder: string;
  let machine: Server;
  let router: Server;
  let routerPort: number;
  let engineIsDown = false;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pawl-router-'));
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=machine', '-keyout', key, '-out', cert];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...subject,
    ]);
    machine = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_request, response) => {
      response.end(long);
    }).listen(0, '127.0.0.1');
    await once(machine, 'listening');
    router = await startSniRouter({
      host: '127.0.0.1',
      port: 0,
      async findPort(name) {
        if (engineIsDown) throw new Error('no engine');
        return name === 'ui.ws-k3x9a1.vm.localhost' ? (machine.address() as AddressInfo).port : undefined;
      },
    });
    routerPort = (router.address() as AddressInfo).port;
  });

  after(async () => {
    router.close();
    machine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('passes a connection on to the machine of its name, to the last byte', async () => {
    const { status, body } = await visit({ hostname: 'ui.ws-k3x9a1.vm.localhost', routerPort }, '/');
    assert.equal(status, 200);
    assert.equal(body.length, long.length);
  });

  it('closes a connection for a name that it does not know', async () => {
    await assert.rejects(visit({ hostname: 'ui.ws-000000.vm.localhost', routerPort }, '/'));
  });

  it('closes a connection while there is no engine, and serves the next one once it is back', async () => {
    const to = { hostname: 'ui.ws-k3x9a1.vm.localhost', routerPort };
    engineIsDown = true;
    await assert.rejects(visit(to, '/'));
    engineIsDown = false;
    assert.equal((await visit(to, '/')).status, 200);
  });

  it('closes a connection that does not talk TLS', async () => {
    const client = connect(routerPort, '127.0.0.1').on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: ui.ws-k3x9a1.vm.localhost\r\n\r\n');
    await once(client.resume(), 'close');
  });

  it('is a process that tells when it listens, and ends with its parent', async () => {
    const environment = { ...process.env, MACHINES_PORT: '0', PAWL_INSTALLATION: 'router-test' };
    const child = fork(path.join(import.meta.dirname, '../../local-cloud/router.ts'), { env: environment });
    try {
      const [message] = (await once(child, 'message')) as [{ listening: number }];
      await assert.rejects(visit({ hostname: 'ui.ws-000000.vm.localhost', routerPort: message.listening }, '/'));
      child.disconnect();
      await once(child, 'exit');
    } finally {
      child.kill('SIGKILL');
    }
  });
});

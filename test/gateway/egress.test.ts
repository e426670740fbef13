import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { until } from '../../engine/until.ts';
import type { EgressOptions } from '../../gateway/egress/egress.ts';
import { clientHello, withExtension } from '../support/client-hello.ts';
import type { DoorClient } from '../support/door-client.ts';
import { openGateway } from '../support/gateway.ts';
import type { PolicyInput, TestGateway } from '../support/gateway.ts';

const host = 'packages.example';

describe('the way to the outside', () => {
  it('leads to an allowed host and carries what both sides say', async () => {
    await using scene = await openScene();
    const { status, socket } = await scene.door.connect(`${host}:${scene.port}`);
    assert.equal(status, 200);
    const tls = talkTls(socket, host);
    tls.write('hello');
    assert.equal(await text(tls), 'you said hello');
    const carried = () => scene.pawl.gateway.metrics.tunnelBytes.get().then(({ values }) => values[0]?.value ?? 0);
    await until('the bytes are counted', async () => (await carried()) > 0, { pollMs: 10 });
  });

  it('is closed for hosts that are not on the list, and the run is told of each once', async () => {
    await using scene = await openScene();
    for (const target of [
      'evil.example:443',
      'evil.example:443',
      `${host}.evil.example:443`,
      `127.0.0.1:${scene.port}`,
    ]) {
      const { status, text } = await refusal(scene.door, target);
      assert.equal(status, 403, target);
      assert.match(text, /"reason":"not allowed"/, target);
    }
    const events = await scene.pawl.store.events.read(`run:${scene.runId}`, { after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ type, data }) => [type, (data as { host: string }).host]),
      [
        ['egress.refused', 'evil.example'],
        ['egress.refused', `${host}.evil.example`],
        ['egress.refused', '127.0.0.1'],
      ],
    );
  });

  it('leads to one port only', async () => {
    await using scene = await openScene();
    assert.match((await refusal(scene.door, `${host}:22`)).text, /"reason":"port"/);
    assert.match((await refusal(scene.door, host)).text, /"reason":"port"|"not allowed"/);
  });

  it('does not lead to addresses that are not public, whatever name has them', async () => {
    const answers: Record<string, string[]> = {
      'metadata.example': ['169.254.169.254'],
      'mixed.example': ['93.184.215.14', '10.0.0.1'],
      'mapped.example': ['::ffff:127.0.0.1'],
      'local.example': ['::1'],
    };
    const resolve = async (name: string) => addresses(answers[name] ?? []);
    await using scene = await openScene({ resolve, allowPrivate: [] }, Object.keys(answers));
    for (const name of Object.keys(answers)) {
      assert.match((await refusal(scene.door, `${name}:${scene.port}`)).text, /"reason":"private address"/, name);
    }
  });

  it('connects to the address that was judged, whatever the name server says the next time', async () => {
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    let lookups = 0;
    const resolve = async () => addresses(answers[lookups++] ?? []);
    await using scene = await openScene({ resolve });
    const { socket } = await scene.door.connect(`${host}:${scene.port}`);
    const tls = talkTls(socket, host);
    await once(tls, 'secureConnect');
    tls.destroy();
    assert.equal(lookups, 1);
  });

  it('carries TLS for the host that was asked for, and nothing else', async () => {
    await using scene = await openScene();
    const other = await scene.door.connect(`${host}:${scene.port}`);
    const tls = talkTls(other.socket, 'other.example');
    await closing(tls);

    const plain = await scene.door.connect(`${host}:${scene.port}`);
    plain.socket.on('error', () => undefined);
    plain.socket.write('GET / HTTP/1.1\r\nHost: packages.example\r\n\r\n');
    await closing(plain.socket);
    assert.equal(scene.spoken(), 0, 'the server has heard nothing');
  });

  it('carries no TLS that hides which host it is for', async () => {
    await using scene = await openScene();
    const { socket } = await scene.door.connect(`${host}:${scene.port}`);
    socket.on('error', () => undefined);
    const hello = await clientHello(host);
    // RFC 9849, 5: kind, ciphers, configuration, key and content, as a client makes them up that has none.
    const encrypted = Buffer.from('0000010001010002abcd0002abcd', 'hex');
    socket.write(withExtension(hello, 0xfe0d, encrypted));
    await closing(socket);
    await until('the server’s side is closed', () => scene.connections() === 0, { pollMs: 10 });
    assert.equal(scene.heard(), 0, 'the server has heard nothing');

    const other = await scene.door.connect(`${host}:${scene.port}`);
    const plain = withExtension(hello, 0xfafa, Buffer.from('00', 'hex'));
    other.socket.write(plain);
    assert.equal((await once(other.socket, 'data')).length, 1, 'with another extension it is carried');
    other.socket.destroy();
  });

  it('ends when a connection has carried all it may', async () => {
    await using scene = await openScene({ limits: { maxBytes: 100_000, maxMs: 60_000 } });
    const { socket } = await scene.door.connect(`${host}:${scene.port}`);
    const tls = talkTls(socket, host);
    await once(tls, 'secureConnect');
    tls.write(Buffer.alloc(200_000));
    await closing(tls);
    await until('the server’s side is closed', () => scene.connections() === 0, { pollMs: 10 });
  });

  it('ends when a connection has lasted as long as it may', async () => {
    await using scene = await openScene({ limits: { maxBytes: 1e9, maxMs: 200 } });
    const { socket } = await scene.door.connect(`${host}:${scene.port}`);
    const tls = talkTls(socket, host);
    await once(tls, 'secureConnect');
    await closing(tls);
  });

  it('ends with the door', async () => {
    await using scene = await openScene();
    const { socket } = await scene.door.connect(`${host}:${scene.port}`);
    const tls = talkTls(socket, host);
    await once(tls, 'secureConnect');
    const closed = closing(tls);
    await scene.pawl.store.doors.close(scene.runId);
    await scene.pawl.control.closeDoor(scene.runId);
    await closed;
    await until('the server’s side is closed', () => scene.connections() === 0, { pollMs: 10 });
  });

  it('asks for the token only where one is shown', async () => {
    await using scene = await openScene();
    const basic = (password: string) => ({
      'proxy-authorization': `Basic ${Buffer.from(`run:${password}`).toString('base64')}`,
    });
    const right = await scene.door.connect(`${host}:${scene.port}`, basic(scene.door.token));
    right.socket.destroy();
    assert.equal(right.status, 200);
    assert.equal((await refusal(scene.door, `${host}:${scene.port}`, basic('wrong'))).status, 407);
  });

  it('knows the package registries by itself, unless a run is to have nothing', async () => {
    const resolve = async () => addresses(['10.1.2.3']);
    await using pawl = await openGateway({}, { resolve });
    const door = await pawl.door();
    const closed = await pawl.door({ egress: { installation: false, allow: ['*.mine.example'] } });
    for (const name of ['registry.npmjs.org', 'pypi.org', 'index.crates.io', 'proxy.golang.org', 'deb.debian.org']) {
      assert.match((await refusal(door, `${name}:443`)).text, /private address/, name);
      assert.match((await refusal(closed, `${name}:443`)).text, /not allowed/, name);
    }
    assert.match((await refusal(door, 'github.com:443')).text, /not allowed/);
    assert.match((await refusal(closed, 'a.mine.example:443')).text, /private address/);
    assert.match((await refusal(closed, 'mine.example:443')).text, /not allowed/);
  });
});

interface Scene extends AsyncDisposable {
  pawl: TestGateway;
  door: DoorClient;
  runId: string;
  port: number;
  /** Connections to the server now. */
  connections(): number;
  /** Connections that got as far as TLS. */
  spoken(): number;
  /** Bytes that the server has heard. */
  heard(): number;
}

/** A TLS server on loopback behind the name `packages.example`, which may be private there. */
async function openScene(options: Partial<EgressOptions> = {}, allow = [host]): Promise<Scene> {
  await using cleanup = new AsyncDisposableStack();
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }]);
  let spoken = 0;
  const server = createTlsServer({ key, cert }, (socket: TLSSocket) => {
    spoken++;
    socket.on('error', () => undefined);
    socket.once('data', (said: Buffer) => socket.end(`you said ${said.toString()}`));
  });
  server.on('tlsClientError', () => undefined);
  let connections = 0;
  let heard = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    socket.once('close', () => (connections--, (heard += socket.bytesRead)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const resolve = async () => addresses(['127.0.0.1']);
  const pawl = cleanup.use(await openGateway({}, { port, resolve, allowPrivate: [host], ...options }));
  const policy: PolicyInput = { egress: { allow } };
  const door = await pawl.door(policy);
  const stack = cleanup.move();
  return {
    ...{ pawl, door, port, runId: door.runId },
    connections: () => connections,
    spoken: () => spoken,
    heard: () => heard,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function talkTls(socket: Socket, servername: string): TLSSocket {
  socket.on('error', () => undefined);
  return connectTls({ socket, servername, rejectUnauthorized: false }).on('error', () => undefined);
}

/** Not `once`, for which an error before the end is a failure. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function refusal(door: DoorClient, target: string, headers: Record<string, string> = {}) {
  const { status, socket, text: head } = await door.connect(target, headers);
  socket.on('error', () => undefined);
  return { status, text: head + (await text(socket).catch(() => '')) };
}

function addresses(list: string[]): LookupAddress[] {
  return list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

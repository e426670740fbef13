/** One POST, against receivers that are not as they should be. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { generate } from 'selfsigned';
import { post, type CallbackWay } from '../../callbacks/post.ts';
import { CallbackNotAllowed } from '../../callbacks/rules.ts';
import { startReceiver } from '../support/receiver.ts';

const message = { headers: { 'content-type': 'application/json', 'webhook-id': 'cb-1' }, body: '{"type":"test"}' };
const toLoopback: CallbackWay = { rules: { insecureHosts: ['127.0.0.1'], privateHosts: ['127.0.0.1', 'localhost'] } };

/** All of loopback may be reached by http, but no private address may. */
function publicOnly(...insecureHosts: string[]): CallbackWay {
  return { rules: { insecureHosts, privateHosts: [] } };
}

describe('a message', () => {
  it('arrives as it is, and brings back the status', async () => {
    await using receiver = await startReceiver();
    receiver.answer = 202;
    assert.deepEqual(await post(receiver.url, message, toLoopback), { statusCode: 202, retryAfterSeconds: undefined });
    const [request] = receiver.received;
    assert.equal(request?.method, 'POST');
    assert.equal(request.path, '/hooks');
    assert.equal(request.body, message.body);
    assert.equal(request.headers['webhook-id'], 'cb-1');
    assert.equal(request.headers['content-type'], 'application/json');
  });

  it('does not follow a redirect', async () => {
    await using elsewhere = await startReceiver();
    await using receiver = await startReceiver();
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answer = (_request, response) => response.writeHead(status, { Location: elsewhere.url }).end();
      assert.equal((await post(receiver.url, message, toLoopback)).statusCode, status);
    }
    assert.equal(elsewhere.received.length, 0);
  });

  it('brings back how long the receiver wants to be left alone', async () => {
    await using receiver = await startReceiver();
    receiver.answer = (_request, response) => response.writeHead(429, { 'Retry-After': '120' }).end();
    assert.deepEqual(await post(receiver.url, message, toLoopback), { statusCode: 429, retryAfterSeconds: 120 });
    receiver.answer = (_request, response) => response.writeHead(503, { 'Retry-After': '-1e9' }).end();
    assert.equal((await post(receiver.url, message, toLoopback)).retryAfterSeconds, undefined);
  });

  it('does not listen to an answer without end', async () => {
    await using receiver = await startReceiver();
    let written = 0;
    receiver.answer = (_request, response) => {
      response.on('error', () => undefined);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', pour);
      pour();
    };
    assert.equal((await post(receiver.url, message, toLoopback)).statusCode, 200);
    assert.ok(written < 100_000_000, `${written} bytes were taken`);
  });

  it('counts when the status arrived, whatever becomes of the rest', async () => {
    await using receiver = await startReceiver();
    receiver.answer = (_request, response) => {
      response.writeHead(200, { 'Content-Length': 1000 }).write('the beginning');
      setImmediate(() => response.destroy());
    };
    assert.equal((await post(receiver.url, message, toLoopback)).statusCode, 200);
    receiver.answer = (_request, response) => void response.writeHead(200).write('and then nothing more');
    assert.equal((await post(receiver.url, message, { ...toLoopback, timeoutMs: 300 })).statusCode, 200);
  });

  it('is given up when there is no answer in time: from the receiver', async () => {
    await using receiver = await startReceiver();
    receiver.answer = () => undefined;
    await assert.rejects(post(receiver.url, message, { ...toLoopback, timeoutMs: 100 }), /abort|timeout/i);
  });

  it('is given up when there is no answer in time: from the name server', async () => {
    const way = { ...publicOnly(), resolve: () => new Promise<never>(() => undefined), timeoutMs: 100 };
    await assert.rejects(post('https://one.test/', message, way), /timeout/i);
  });

  it('fails by the system’s code when nobody is there', async () => {
    const port = await closedPort();
    await assert.rejects(post(`http://127.0.0.1:${port}/`, message, toLoopback), { code: 'ECONNREFUSED' });
  });

  it('is not sent to somebody whose certificate nobody vouches for', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
    let requests = 0;
    const server = https.createServer({ key, cert }, (_request, response) => void (requests++, response.end()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const attempt = post(`https://localhost:${port}/`, message, toLoopback);
      await assert.rejects(attempt, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
      assert.equal(requests, 0);
    } finally {
      server.close();
    }
  });
});

describe('an address that is not public', () => {
  const forms = [
    ...['127.0.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.1', '127.0.0.1.'],
    ...['①②⑦.⓪.⓪.①', '0', '0.0.0.0', 'localhost', 'LOCALHOST'],
    ...[
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::7f00:1]',
      '[0:0:0:0:0:0:0:1]',
      '[64:ff9b::7f00:1]',
    ],
  ];
  for (const form of forms) {
    it(`is not reached as ${form}`, async () => {
      await using receiver = await startReceiver();
      const url = `http://${form}:${receiver.port}/`;
      const { hostname } = new URL(url);
      await assert.rejects(post(url, message, publicOnly(hostname)), CallbackNotAllowed);
      assert.equal(receiver.received.length, 0);
    });
  }

  it('is not reached by a name that leads there, also when another of its addresses is public', async () => {
    await using receiver = await startReceiver();
    const addresses = [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const way = { ...publicOnly('one.test'), resolve: async () => addresses };
    await assert.rejects(post(`http://one.test:${receiver.port}/`, message, way), CallbackNotAllowed);
    assert.equal(receiver.received.length, 0);
  });

  it('is not reached by a name that leads there when it is asked a second time', async () => {
    await using receiver = await startReceiver();
    let asked = 0;
    const resolve = async () => [{ address: ++asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
    const way = { ...publicOnly('one.test'), resolve, timeoutMs: 500 };
    // Nobody answers under the first address, whether it can be reached from here or not.
    await assert.rejects(post(`http://one.test:${receiver.port}/`, message, way));
    assert.equal(asked, 1);
    assert.equal(receiver.received.length, 0);
  });

  it('is reached where the operator allows it, at the address that was judged', async () => {
    await using receiver = await startReceiver();
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const way = { rules: { insecureHosts: ['one.test'], privateHosts: ['one.test'] }, resolve };
    assert.equal((await post(`http://one.test:${receiver.port}/`, message, way)).statusCode, 204);
    assert.equal(receiver.received[0]?.headers['host'], `one.test:${receiver.port}`);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createCodecServer } from '../../codec/codec-server.ts';
import { createPayloadCodec } from '../../codec/payload-codec.ts';
import { createKeyring } from '../../store/keyring.ts';
import { newKey } from '../support/keys.ts';

const uiOrigin = 'http://127.0.0.1:8233';
const plain = { metadata: { encoding: base64('json/plain') }, data: base64('"hunter2"') };

describe('the codec server', () => {
  const server = createCodecServer({ codec: createPayloadCodec(createKeyring([newKey()])), uiOrigin });
  let url: string;
  before(async () => {
    url = await server.listen(0);
  });
  after(() => server.close());

  function post(path: string, body: unknown, headers: Record<string, string> = { origin: uiOrigin }) {
    const content = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${url}${path}`, {
      method: 'POST',
      body: content,
      headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    });
  }

  it('encodes, and decodes what it encoded', async () => {
    const encoded = (await (await post('/encode', { payloads: [plain, plain] })).json()) as { payloads: unknown[] };
    assert.equal(encoded.payloads.length, 2);
    assert.notDeepEqual(encoded.payloads[0], plain);
    const answer = await post('/decode', encoded);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { payloads: [plain, plain] });
  });

  it('lets the page of the Web UI, and only that page, read its answers', async () => {
    const preflight = await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { origin: uiOrigin } });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), uiOrigin);
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type, x-namespace');

    const strangers = ['http://127.0.0.1:9999', 'https://127.0.0.1:8233', 'http://evil.example:8233', 'null'];
    for (const origin of strangers) {
      const answer = await post('/decode', { payloads: [plain] }, { origin });
      assert.equal(answer.status, 403, origin);
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
    }
    assert.equal((await post('/decode', { payloads: [plain] }, {})).status, 403, 'no origin');
  });

  it('answers only on loopback', () => {
    assert.equal(new URL(url).hostname, '127.0.0.1');
  });

  it('refuses what is not a list of payloads', async () => {
    const bodies = ['{', '[]', 'null', {}, { payloads: 1 }, { payloads: [1] }, { payloads: [{ data: '*' }] }];
    for (const body of bodies) assert.equal((await post('/decode', body)).status, 400, JSON.stringify(body));
  });

  it('says which key is missing', async () => {
    const encrypted = (keyId: string) => ({
      metadata: { encoding: base64('binary/encrypted'), 'encryption-key-id': base64(keyId) },
      data: base64('not really'),
    });
    const unknown = await post('/decode', { payloads: [encrypted('0badcafe')] });
    assert.equal(unknown.status, 400);
    assert.match(await unknown.text(), /0badcafe/);
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { machineRoutes, ownerRoutes } from '../../api/routes/index.ts';
import { openApi, type Answer, type Api, type Request } from '../support/api.ts';

const id = 'ws-aaaaaa';
const repoUrl = 'https://git.test/hello.git';

/** The one error shape: RFC 9457 with the code and words beside it. */
function assertProblem({ status, headers, body }: Answer, expected: { status: number; error: string }): void {
  assert.deepEqual({ status, error: body['error'] }, expected, JSON.stringify(body));
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(body['status'], status);
  assert.equal(body['type'], `urn:pawl:problem:${expected.error}`);
  assert.equal(body['detail'], body['message']);
  assert.equal(body['instance'], `urn:pawl:request:${headers.get('x-request-id')}`);
  assert.ok('title' in body && 'details' in body);
}

const badCreations: [what: string, request: Request, status: number, error: string][] = [
  ['no body', {}, 400, 'invalid_repo_url'],
  ['an empty object', { body: {} }, 400, 'invalid_repo_url'],
  ['broken JSON', { raw: '{"repoUrl": ' }, 400, 'validation_error'],
  ['a JSON string', { raw: '"text"' }, 400, 'validation_error'],
  ['a JSON array', { raw: '[]' }, 400, 'validation_error'],
  ['JSON null', { raw: 'null' }, 400, 'validation_error'],
  [
    'a form',
    { raw: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupported_media_type',
  ],
  ['text', { raw: '{}', headers: { 'Content-Type': 'text/plain' } }, 415, 'unsupported_media_type'],
  ['an unknown encoding', { raw: '{}', headers: { 'Content-Encoding': 'rot13' } }, 415, 'unsupported_media_type'],
  ['a broken encoding', { raw: '{}', headers: { 'Content-Encoding': 'gzip' } }, 400, 'validation_error'],
  ['a body over the limit', { body: { repoUrl, name: 'a'.repeat(70_000) } }, 413, 'payload_too_large'],
  ['a number for a URL', { body: { repoUrl: 7 } }, 400, 'invalid_repo_url'],
  ['plain http', { body: { repoUrl: 'http://git.test/hello.git' } }, 400, 'invalid_repo_url'],
  ['credentials in the URL', { body: { repoUrl: 'https://a:b@git.test/hello' } }, 400, 'invalid_repo_url'],
  ['an option for a URL', { body: { repoUrl: '--upload-pack=x' } }, 400, 'invalid_repo_url'],
  ['an unknown size', { body: { repoUrl, size: 'huge' } }, 400, 'invalid_size'],
  ['an unknown size and a wrong name', { body: { repoUrl, size: 'huge', name: '?' } }, 400, 'validation_error'],
  ['a name outside the rule', { body: { repoUrl, name: 'a b' } }, 400, 'validation_error'],
  ['an empty name', { body: { repoUrl, name: '' } }, 400, 'validation_error'],
  ['a long name', { body: { repoUrl, name: 'a'.repeat(51) } }, 400, 'validation_error'],
  ['an option for a branch', { body: { repoUrl, branch: '--upload-pack=x' } }, 400, 'validation_error'],
  ['a branch with a line break', { body: { repoUrl, branch: 'a\nb' } }, 400, 'validation_error'],
  ['an object for a branch', { body: { repoUrl, branch: {} } }, 400, 'validation_error'],
  [
    'an idempotency key with spaces',
    { body: { repoUrl }, headers: { 'Idempotency-Key': 'a b' } },
    400,
    'validation_error',
  ],
  [
    'a long idempotency key',
    { body: { repoUrl }, headers: { 'Idempotency-Key': 'k'.repeat(201) } },
    400,
    'validation_error',
  ],
];

describe('a creation', () => {
  for (const [what, request, status, error] of badCreations) {
    it(`with ${what} is a ${status} ${error}, and makes nothing`, async () => {
      await using api = await openApi();
      assertProblem(await api.call('POST', '/vms', request), { status, error });
      assert.deepEqual(await api.store.secrets.list('workspace/'), []);
    });
  }

  it('names every field at fault', async () => {
    await using api = await openApi();
    const { body } = await api.call('POST', '/vms', { body: { repoUrl: 1, size: 'huge', name: '?' } });
    const fields = (body['details'] as { field: string }[]).map(({ field }) => field);
    assert.deepEqual(fields, ['repoUrl', 'size', 'name']);
  });
});

const badReads: [address: string, status: number, error: string][] = [
  ['/nowhere', 404, 'not_found'],
  ['/', 404, 'not_found'],
  ['/vms/..%2f..%2fetc%2fpasswd', 404, 'workspace_not_found'],
  ['/vms/%00', 404, 'workspace_not_found'],
  ['/vms/%ff%fe', 404, 'workspace_not_found'],
  ['/vms/%', 404, 'workspace_not_found'],
  ['/vms/WS-AAAAAA', 404, 'workspace_not_found'],
  ['/vms/ws-aaaaaa%0a', 404, 'workspace_not_found'],
  ['/vms/ws-aaaaaa/nowhere', 404, 'not_found'],
  [`/vms/${'x'.repeat(5000)}`, 404, 'workspace_not_found'],
  ['/vms?status=sleeping', 400, 'validation_error'],
  ['/vms?limit=0', 400, 'validation_error'],
  ['/vms?limit=many', 400, 'validation_error'],
  ['/vms?limit=1&limit=2', 400, 'validation_error'],
  ['/vms?cursor=%00', 400, 'validation_error'],
  [`/vms/${id}/events?after=-1`, 400, 'validation_error'],
  [`/vms/${id}/events?after=x`, 400, 'validation_error'],
  [`/vms/${id}/events?after=99999999999999999999`, 400, 'validation_error'],
];

describe('a read', () => {
  for (const [address, status, error] of badReads) {
    it(`of ${address.slice(0, 50)} is a ${status} ${error}`, async () => {
      await using api = await openApi();
      assertProblem(await api.call('GET', address), { status, error });
    });
  }

  it('by a method that the address does not have is a 405 that names the ones it has', async () => {
    await using api = await openApi();
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const answer = await api.call(method, '/vms');
      assertProblem(answer, { status: 405, error: 'method_not_allowed' });
      assert.equal(answer.headers.get('allow'), 'POST, HEAD, GET');
    }
  });

  it('by HEAD has the headers of GET and no body', async () => {
    await using api = await openApi();
    const head = await api.call('HEAD', '/health');
    assert.deepEqual([head.status, head.text], [200, '']);
  });

  it('of what Temporal knows, while Temporal is away, is a 503 that says so', { timeout: 30_000 }, async () => {
    await using api = await openApi();
    assertProblem(await api.call('GET', `/vms/${id}`), { status: 503, error: 'temporal_unavailable' });
  });
});

describe('whatever comes, the answer is never a 5xx', () => {
  const junkHeaders = {
    'X-Request-Id': '\u00e9{}"\t<script>',
    'Last-Event-ID': 'x',
    'Idempotency-Key': '\u00ff',
    Accept: ';;;q=x,,',
    Cookie: '=;;=',
    Range: 'bytes=9-1',
    'If-Match': '"',
  };
  const requests: [what: string, request: Request][] = [
    ['no token', { token: null }],
    ['a wrong token', { token: 'wrong' }],
    ['junk for a token', { token: null, headers: { Authorization: 'Bearer \u00ff\u00fe=,;' } }],
    ['a junk body', { raw: '\u0000\uffff{' }],
    ['a deep body', { raw: '['.repeat(20_000) }],
    ['a prototype', { raw: '{"__proto__": {"size": "small"}, "constructor": 1}' }],
    ['junk headers', { headers: junkHeaders, body: {} }],
  ];

  // What asks Temporal, which is away here, is another test's subject: so is a known workspace.
  const unknownId = 'no..id';
  const askTemporal = ['/ready', '/vms', '/resources', '/runs'];

  for (const [what, request] of requests) {
    it(`with ${what}`, async () => {
      await using api = await openApi();
      const token = await api.machineTokenFor(id);
      for (const { method, path } of ownerRoutes.filter(({ path }) => !askTemporal.includes(path))) {
        await assertCalm(
          api.call(method.toUpperCase(), path.replace(/:id|:name/, unknownId), withoutBody(method, request)),
        );
      }
      await assertCalm(api.call('POST', '/vms', request));
      await assertCalm(api.call('POST', '/runs', request));
      for (const { method, path } of machineRoutes) {
        await assertCalm(api.callAsMachine(method.toUpperCase(), path.replace(':id', id), { token, ...request }));
      }
    });
  }

  it('on the wire, where HTTP itself is broken', async () => {
    await using api = await openApi();
    for (const request of ['GET / HTTP/9.9\r\n\r\n', 'nonsense\r\n\r\n', 'GET /vms HTTP/1.1\r\nHost:\u0000\r\n\r\n']) {
      assert.match(await sendRaw(api, request), /^HTTP\/1\.1 4\d\d/);
    }
    assert.equal((await api.call('GET', '/health')).status, 200);
  });
});

async function assertCalm(answer: Promise<Answer>): Promise<void> {
  const { status, text: body } = await answer;
  assert.ok(status < 500, `${status} ${body}`);
}

/** `fetch` sends no body with GET. */
function withoutBody(method: string, { raw, body, ...rest }: Request): Request {
  return method === 'get' ? rest : { ...rest, ...(raw !== undefined && { raw }), ...(body !== undefined && { body }) };
}

async function sendRaw({ url }: Api, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end(request, 'latin1');
  return await text(socket);
}

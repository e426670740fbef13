import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openApi, ownerToken } from '../support/api.ts';

const id = 'ws-aaaaaa';

describe('the log', () => {
  it('carries the request id, the workspace and the workflow of each request', async () => {
    await using api = await openApi();
    await api.store.secrets.ensure(`workspace/${id}/password`, 'correct horse');
    await api.call('GET', `/vms/${id}/credentials`, { headers: { 'X-Request-Id': 'from-the-caller' } });
    const lines = api.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const line = lines.find(({ msg }) => msg === 'request');
    assert.equal(line?.['requestId'], 'from-the-caller');
    assert.equal(line['workspaceId'], id);
    assert.equal(line['workflowId'], `workspace:${id}`);
    assert.equal(line['route'], '/vms/:id/credentials');
    assert.equal(line['status'], 200);
  });

  it('echoes a request id that is sane, and makes one otherwise', async () => {
    await using api = await openApi();
    const idFor = async (given: string) =>
      (await api.call('GET', '/health', { headers: { 'X-Request-Id': given } })).headers.get('x-request-id');
    assert.equal(await idFor('abc-1'), 'abc-1');
    for (const insane of ['a b', '{"a":1}', 'x'.repeat(101)])
      assert.match((await idFor(insane)) ?? '', /^[0-9a-f-]{36}$/);
  });

  it('never holds a token, a password or an authorization header', async () => {
    await using api = await openApi();
    const machineToken = await api.machineTokenFor(id);
    await api.store.secrets.ensure(`workspace/${id}/password`, 'correct-horse');
    await api.call('GET', `/vms/${id}/credentials`);
    await api.call('GET', '/vms', { token: 'a-wrong-token' });
    await api.call('POST', '/vms', { body: { repoUrl: 'https://user:hunter2@git.test/a' } });
    await api.callAsMachine('POST', `/vms/${id}/heartbeat`, { token: machineToken, body: {} });
    const log = api.logLines.join('');
    for (const secret of [ownerToken, machineToken, 'correct-horse', 'a-wrong-token', 'hunter2', 'Bearer']) {
      assert.ok(!log.includes(secret), secret);
    }
  });

  it('alone has the reason of a 500', async () => {
    await using api = await openApi();
    api.store.providerReports.list = async () => {
      throw new Error('disk I/O error in /var/lib/secret-path');
    };
    const { status, body, text } = await api.call('GET', '/providers');
    assert.deepEqual([status, body['error']], [500, 'internal_error']);
    assert.ok(!text.includes('disk I/O'));
    assert.match(api.logLines.join(''), /disk I\/O error/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machineRoutes, ownerRoutes } from '../../api/routes/index.ts';
import { openApi, ownerToken, type Answer } from '../support/api.ts';

const id = 'ws-aaaaaa';

function address(path: string): string {
  return path.replace(':id', id);
}

/** What a caller can see of an answer, without what differs between any two requests. */
function visible({ status, headers, body }: Answer): unknown {
  return {
    status,
    body: { ...body, instance: null },
    challenge: headers.get('www-authenticate'),
    type: headers.get('content-type'),
  };
}

describe('the owner’s routes', () => {
  for (const { method, path, caller } of ownerRoutes.filter((route) => route.caller === 'owner')) {
    it(`${method.toUpperCase()} ${path} refuses everybody but the ${caller}`, async () => {
      await using api = await openApi();
      const machineToken = await api.machineTokenFor(id);
      for (const token of [null, 'wrong', '', machineToken, `${ownerToken}x`, ownerToken.slice(1), 'ø']) {
        const headers = token === null ? {} : { Authorization: `Bearer ${Buffer.from(token).toString('latin1')}` };
        const { status, body } = await api.call(method.toUpperCase(), address(path), { token: null, headers });
        assert.deepEqual([status, body['error']], [401, 'unauthorized'], String(token));
      }
    });
  }

  it('take the token in no other way than as a bearer token', async () => {
    await using api = await openApi();
    const basic = Buffer.from(`owner:${ownerToken}`).toString('base64');
    for (const authorization of [ownerToken, `Basic ${basic}`, `Token ${ownerToken}`, `Bearer ${ownerToken} more`]) {
      const { status } = await api.call('GET', '/vms', { token: null, headers: { Authorization: authorization } });
      assert.equal(status, 401, authorization);
    }
    assert.equal((await api.call('GET', `/vms?access_token=${ownerToken}`, { token: null })).status, 401);
  });
});

describe('the machines’ routes', () => {
  for (const { method, path } of machineRoutes) {
    it(`${path} gives the same 401 to no token, another machine, the owner, and for workspaces that do not exist`, async () => {
      await using api = await openApi();
      await api.machineTokenFor(id);
      const otherToken = await api.machineTokenFor('ws-bbbbbb');
      const call = (workspaceId: string, token: string | null) =>
        api.callAsMachine(method.toUpperCase(), path.replace(':id', workspaceId), { token, body: {} });

      const answers = [
        await call(id, null),
        await call(id, 'wrong'),
        await call(id, otherToken),
        await call(id, ownerToken),
        await call('ws-zzzzzz', null),
        await call('ws-zzzzzz', otherToken),
        await call('not-an-id', otherToken),
        await call('..%2f..%2fsecret', otherToken),
      ];
      for (const answer of answers) assert.deepEqual(visible(answer), visible(answers[0]!));
      assert.equal(answers[0]?.status, 401);
    });

    it(`${path} is not served on the owner’s listener`, async () => {
      await using api = await openApi();
      const token = await api.machineTokenFor(id);
      assert.equal((await api.call(method.toUpperCase(), address(path), { token, body: {} })).status, 404);
    });
  }

  it('are the only ones on the second listener', async () => {
    await using api = await openApi();
    for (const { method, path } of ownerRoutes) {
      const { status } = await api.callAsMachine(method.toUpperCase(), address(path));
      assert.equal(status, 404, path);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DoorPolicy } from '../../../store/door-policy.ts';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const policy = DoorPolicy.parse({});
const runId = 'run-aaaaaaaaaa';

/** What the record of doors promises. */
export function describeDoors(makePlace: MakePlace): void {
  describe('the doors', () => {
    it('keep a run’s token, and take a new host and policy', async () => {
      await using store = await openAt(await makePlace());
      await store.doors.open({ runId, hostId: 'a', policy });
      const before = await store.doors.read(runId);
      const wider = DoorPolicy.parse({ egress: { allow: ['*.Example.org'] } });
      await store.doors.open({ runId, hostId: 'b', policy: wider });

      const after = await store.doors.read(runId);
      assert.equal(after?.token, before?.token);
      assert.deepEqual([after?.hostId, after?.policy.egress.allow], ['b', ['*.example.org']]);
      assert.deepEqual([await store.doors.list('a'), await store.doors.list('b')], [[], [runId]]);
    });

    it('give callers that race one token', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      await Promise.all([left, right, left, right].map(({ doors }) => doors.open({ runId, hostId: 'a', policy })));
      assert.equal((await left.doors.read(runId))?.token, (await right.doors.read(runId))?.token);
    });

    it('are closed, and are forgotten with their tokens', async () => {
      await using store = await openAt(await makePlace());
      await store.doors.open({ runId, hostId: 'a', policy });
      const before = await store.doors.read(runId);
      await store.doors.close(runId);
      await store.doors.close(runId);
      assert.deepEqual([await store.doors.read(runId), await store.doors.list('a')], [undefined, []]);
      const [left] = await store.secrets.list('door/');
      assert.equal(await store.secrets.read(left?.name ?? ''), before?.token);
      await store.doors.forget(runId);
      await store.doors.forget(runId);
      assert.deepEqual(await store.secrets.list('door/'), []);
      await store.doors.open({ runId, hostId: 'a', policy });
      assert.notEqual((await store.doors.read(runId))?.token, before?.token);
    });

    it('have policies that say what they mean', async () => {
      for (const host of ['*', '*.*.example', 'http://a.example', 'a.example:443', '-a.example', 'a..example', '']) {
        assert.equal(DoorPolicy.safeParse({ egress: { allow: [host] } }).success, false, host);
      }
      assert.equal(DoorPolicy.safeParse({ models: { other: 'x' } }).success, false);
      assert.equal(DoorPolicy.safeParse({ models: { anthropic: '../x' } }).success, false);
      assert.deepEqual(policy.budget, { tokens: null, costMicros: null });
    });
  });
}

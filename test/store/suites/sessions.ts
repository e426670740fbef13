import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const stream = 'session:conversation-1';
const session = { id: 'conversation-1', owner: 'owner', agent: 'claude', repository: 'https://git.test/hello.git' };

/** What the record of sessions promises. */
export function describeSessions(makePlace: MakePlace): void {
  describe('the sessions', () => {
    it('belong to whoever asked first, also when two ask at once', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      const [mine, theirs] = await Promise.all([
        left.sessions.ensure(session),
        right.sessions.ensure({ ...session, owner: 'somebody' }),
      ]);
      assert.equal(mine.owner, theirs.owner);
      assert.deepEqual([mine.checkpoint, mine.lastRun, mine.turns], [null, null, 0]);
    });

    it('keep what each turn left, once', async () => {
      await using store = await openAt(await makePlace());
      await store.sessions.ensure(session);
      const checkpoint = { branch: 'claude/work-1', head: 'c1', conversation: null };
      await store.sessions.keep(session.id, { runId: 'run-1', checkpoint });
      await store.sessions.keep(session.id, { runId: 'run-1', checkpoint: {} });
      const kept = await store.sessions.read(session.id);
      assert.deepEqual([kept?.checkpoint, kept?.lastRun, kept?.turns], [checkpoint, 'run-1', 1]);
    });

    it('are listed newest first, page by page, each to its owner', async () => {
      await using store = await openAt(await makePlace());
      for (const id of ['a', 'b', 'c']) await store.sessions.ensure({ ...session, id });
      await store.sessions.ensure({ ...session, id: 'd', owner: 'somebody' });
      const first = await store.sessions.list({ owner: 'owner', limit: 2 });
      const last = first.at(-1);
      const rest = await store.sessions.list({ owner: 'owner', limit: 2, ...(last && { before: last }) });
      assert.deepEqual([...first, ...rest].map(({ id }) => id).toSorted(), ['a', 'b', 'c']);
      assert.equal((await store.sessions.list({ limit: 9 })).length, 4);
    });

    it('have their streams as long as they are stored, and no longer', async () => {
      await using store = await openAt(await makePlace());
      const later = new Date(Date.now() + 1000);
      const read = () => store.events.read(stream, { after: 0, limit: 10 });
      for (const name of [stream, 'session:deleted', `run:${session.id}`]) {
        await store.events.append(name, [{ key: 'one', type: 'line', data: {} }]);
      }
      await store.sessions.ensure(session);
      assert.equal(await store.events.removeStreamsOlderThan(later, 'session:'), 2);
      assert.equal((await read()).length, 1);
      assert.equal(await store.sessions.removeUnused(session.id, { stream, before: new Date(0) }), false);
      assert.equal((await read()).length, 1);
      await store.sessions.removeUnused(session.id, { stream, before: later });
      assert.deepEqual(await read(), []);
    });

    it('are used by whoever asks for them again, if they are theirs', async (context) => {
      await using store = await openAt(await makePlace());
      const now = Date.now();
      context.mock.timers.enable({ apis: ['Date'], now });
      const { updatedAt } = await store.sessions.ensure(session);
      context.mock.timers.setTime(now + 1);
      assert.equal((await store.sessions.ensure({ ...session, owner: 'somebody' })).updatedAt, updatedAt);
      assert.equal((await store.sessions.ensure(session)).updatedAt, new Date(now + 1).toISOString());
      assert.deepEqual(await store.sessions.listUnused(new Date(now + 1)), []);
    });

    it('are forgotten when they are told to be, or when nobody used them for long', async () => {
      await using store = await openAt(await makePlace());
      await store.sessions.ensure(session);
      const later = new Date(Date.now() + 1000);
      assert.deepEqual(await store.sessions.listUnused(new Date(0)), []);
      assert.equal(await store.sessions.removeUnused(session.id, { stream, before: new Date(0) }), false);
      assert.deepEqual(await store.sessions.listUnused(later), [session.id]);
      assert.equal(await store.sessions.removeUnused(session.id, { stream, before: later }), true);
      await store.sessions.ensure(session);
      await store.sessions.remove(session.id);
      await store.sessions.keep(session.id, { runId: 'run-1', checkpoint: {} });
      assert.equal(await store.sessions.read(session.id), undefined);
    });
  });
}

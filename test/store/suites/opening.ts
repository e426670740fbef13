import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';
import { fileURLToPath } from 'node:url';

const opener = fileURLToPath(new URL('../children/open.ts', import.meta.url));

/** What opening promises. */
export function describeOpening(makePlace: MakePlace): void {
  describe('opening', () => {
    it('works for processes that start at the same moment on an empty database', async () => {
      const place = await makePlace();
      const start = () => execa(process.execPath, [opener, JSON.stringify(place)]);
      const processes = await Promise.all([start(), start(), start(), start()]);
      assert.deepEqual(
        processes.map(({ stdout }) => stdout),
        Array(4).fill('open'),
      );
    });

    it('works for several connections of one process at the same moment', async () => {
      const place = await makePlace();
      const stores = await Promise.all([openAt(place), openAt(place), openAt(place)]);
      await Promise.all(stores.map((store) => store.ping()));
      await Promise.all(stores.map((store) => store.close()));
    });

    it('answers a ping while it is open, and rejects it afterwards', async () => {
      const store = await openAt(await makePlace());
      await store.ping();
      await store.close();
      await assert.rejects(store.ping());
    });
  });
}

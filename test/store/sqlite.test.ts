/** What holds for the SQLite file alone. */
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { sql } from 'kysely';
import { openDatabase } from '../../store/database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openAt, placeAt } from './place.ts';

const opener = fileURLToPath(new URL('./children/open.ts', import.meta.url));
const killAtStep = new URL('../support/kill-at-step.ts', import.meta.url).href;

describe('the SQLite file', () => {
  it('is readable by its owner alone, with its journal', async () => {
    await using folder = await temporaryFolder();
    const home = path.join(folder.path, 'new', 'home');
    await using store = await openAt(placeAt(home));
    await store.secrets.ensure('a', 'value');
    assert.equal((await stat(home)).mode & 0o777, 0o700);
    const files = await readdir(home);
    assert.deepEqual(files.toSorted(), ['pawl.db', 'pawl.db-shm', 'pawl.db-wal']);
    for (const file of files) assert.equal((await stat(path.join(home, file))).mode & 0o777, 0o600, file);
  });

  it('has every commit on the disk before it counts', async () => {
    await using folder = await temporaryFolder();
    await using database = openDatabase({ home: folder.path });
    const synchronous = await sql<{ synchronous: number }>`pragma synchronous`.execute(database);
    const journal = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(database);
    assert.deepEqual([synchronous.rows[0]?.synchronous, journal.rows[0]?.journal_mode], [2, 'wal']);
  });

  it('lets a writer wait for another one of the same process without standing still', async () => {
    await using folder = await temporaryFolder();
    const place = placeAt(folder.path);
    await using store = await openAt(place);
    await using other = openDatabase(place);
    const locked = await other.startTransaction().execute();
    const append = store.events.append('s', [{ key: 'a', type: 't', data: 1 }]).then(() => 'appended');
    assert.equal(await Promise.race([append, setTimeout(50, 'waiting')]), 'waiting');
    await locked.commit().execute();
    assert.equal(await append, 'appended');
    assert.equal((await store.events.read('s', { after: 0, limit: 1 })).length, 1);
  });

  it('is completed by the next start when the first one is killed at any step', async () => {
    for (let step = 1; ; step++) {
      await using folder = await temporaryFolder();
      const place = JSON.stringify(placeAt(folder.path));
      const env = { KILL_AT_STEP: String(step), NODE_OPTIONS: `--import=${killAtStep}` };
      const { signal } = await execa(process.execPath, [opener, place], { env, reject: false });
      const { stdout } = await execa(process.execPath, [opener, place]);
      assert.equal(stdout, 'open', `killed at step ${step}`);
      if (signal !== undefined) continue;
      assert.ok(step > 10, `only ${step} steps were seen`);
      break;
    }
  });
});

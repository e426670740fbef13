import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cloneRepository } from '../../repositories/clone.ts';
import { until } from '../../engine/until.ts';
import { inWorkFolder } from '../../repositories/work-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

describe('git that waits for a server', () => {
  let shop: Workshop;
  before(async () => (shop = await openWorkshop()));
  after(() => shop?.[Symbol.asyncDispose]());
  const clone = async (limits: Parameters<Workshop['openGit']>[0]) =>
    cloneRepository(await shop.openGit(limits), shop.remote, { branch: null, depth: null });

  it('ends at once when it is told to, with every process of it', async () => {
    const cancelled = new AbortController();
    const asked = new Promise<void>((resolve) => {
      shop.server.guard = async ({ socket }) => {
        resolve();
        await once(socket, 'close');
        return undefined;
      };
    });
    const cloning = clone({ signal: cancelled.signal });
    await asked;
    assert.ok((await processesIn(shop.folder)).length > 0);
    cancelled.abort();
    await assert.rejects(cloning, { name: 'AbortError' });
    await until('git is gone', async () => (await processesIn(shop.folder)).length === 0, { deadlineMs: 10_000 });
  });

  it('ends after its time, which is worth another try', async () => {
    shop.server.guard = async ({ socket }) => {
      await once(socket, 'close');
      return undefined;
    };
    await assert.rejects(clone({ timeoutMs: 300 }), { failure: 'RepositoryUnreachable', message: /longer than 0.3 s/ });
    await until('git is gone', async () => (await processesIn(shop.folder)).length === 0, { deadlineMs: 10_000 });
  });
});

describe('a folder for work', () => {
  it('is gone afterwards, whatever happened', async () => {
    await using root = await temporaryFolder();
    const work = inWorkFolder(path.join(root.path, 'work'), async (folder) => {
      await writeFile(path.join(folder, 'file'), '');
      throw new Error('failed');
    });
    await assert.rejects(work, /failed/);
    assert.deepEqual(await readdir(path.join(root.path, 'work')), []);
  });

  it('takes those along that a killed process left half a day ago', async () => {
    await using root = await temporaryFolder();
    for (const [name, hours] of Object.entries({ left: 13, busy: 1 })) {
      await mkdir(path.join(root.path, name));
      const then = Date.now() / 1000 - hours * 3600;
      await utimes(path.join(root.path, name), then, then);
    }
    await inWorkFolder(root.path, async (folder) => assert.ok(existsSync(folder)));
    assert.deepEqual(await readdir(root.path), ['busy']);
  });
});

/** Processes that work in the folder. */
async function processesIn(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => '')));
  return ids.filter((_id, index) => places[index]?.startsWith(folder));
}

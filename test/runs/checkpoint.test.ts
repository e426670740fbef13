/** What a session goes on from, as a turn finds it in the store. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSessionSteps } from '../../activities/session-steps.ts';
import { openDirectoryBlobStore } from '../../store/blobs/directory.ts';
import { createKeyring } from '../../store/keyring.ts';
import { openStore } from '../../store/open-store.ts';
import { isFailure } from '../support/is-failure.ts';
import { newKey } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a checkpoint is read as it was kept, and one that nobody can read is named as such', async () => {
  await using folder = await temporaryFolder();
  const store = await openStore({ home: folder.path, keyring: createKeyring([newKey()]) });
  const steps = createSessionSteps({ store, blobs: await openDirectoryBlobStore(folder.path) });
  const session = { owner: 'owner', agent: 'claude', repository: null };
  const checkpoint = { conversation: null, branch: 'claude/b-k3x9a1b2', head: 'abc' };
  const rest = { unpublished: null, directory: '', baseBranch: null };
  try {
    await store.sessions.ensure({ ...session, id: 'kept' });
    await store.sessions.keep('kept', { runId: 'run-aaaaaaaaaa', checkpoint });
    assert.deepEqual(await steps.readCheckpoint({ sessionId: 'kept' }), { ...checkpoint, ...rest });

    await store.sessions.ensure({ ...session, id: 'damaged' });
    await store.sessions.keep('damaged', { runId: 'run-aaaaaaaaaa', checkpoint: { ...checkpoint, branch: 7 } });
    await assert.rejects(steps.readCheckpoint({ sessionId: 'damaged' }), isFailure('CheckpointUnreadable', /branch/));
  } finally {
    await store.close();
  }
});

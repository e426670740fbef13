/** Workflows that began before an upgrade go on after it: kept histories replay against today's code. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { createDataConverter } from '../../codec/data-converter.ts';
import { createKeyring } from '../../store/keyring.ts';
import { buildWorkflowBundle } from '../../workers/bundle.ts';
import { runStories } from './run-stories.ts';
import { replayKey, stories } from './stories.ts';

const folder = path.join(import.meta.dirname, 'histories');
const names = readdirSync(folder).map((file) => path.basename(file, '.json'));

describe('a history from before', () => {
  let workflowBundle: WorkflowBundle;
  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    workflowBundle = await buildWorkflowBundle(new DefaultLogger('ERROR'));
  });

  for (const name of names) {
    it(`replays: ${name}`, async () => {
      await replay(workflowBundle, readHistory(name));
    });
  }

  it('does not replay when it is not what the code does', async () => {
    const history = readHistory('boot-failed') as { events: { activityTaskScheduledEventAttributes?: object }[] };
    const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes);
    Object.assign(scheduled?.activityTaskScheduledEventAttributes ?? {}, { activityType: { name: 'another' } });
    await assert.rejects(replay(workflowBundle, history), /[Nn]ondeterminism/);
  });

  it('is kept for every story', () => {
    assert.deepEqual(names.toSorted(), Object.keys({ ...stories, ...runStories }).toSorted());
  });
});

function readHistory(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as unknown;
}

async function replay(workflowBundle: WorkflowBundle, history: unknown): Promise<void> {
  const dataConverter = createDataConverter(createKeyring([replayKey]));
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, history);
}

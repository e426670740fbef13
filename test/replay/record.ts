/**
 * Plays the stories and keeps their histories: `npm run record:histories` after a change that is meant to break replay,
 * `-- <name>` for a new story alone.
 */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { openLifecycleHouse } from '../support/lifecycle.ts';
import { openRunHouse } from '../support/runs/house.ts';
import { runStories } from './run-stories.ts';
import { replayKey, stories } from './stories.ts';

const folder = path.join(import.meta.dirname, 'histories');
const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

/** Of a chain of runs, the last: it starts from what was carried over. */
async function keep(name: string, { fetchHistory }: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  const file = path.join(folder, `${name}.json`);
  rmSync(file, { force: true });
  const history = await fetchHistory();
  writeFileSync(file, `${historyToJSON(history)}\n`);
  console.log(`${name}: ${history.events?.length ?? 0} events`);
}

const ofWorkspaces = Object.entries(stories).filter(([name]) => isWanted(name));
if (ofWorkspaces.length > 0) {
  await using house = await openLifecycleHouse(replayKey);
  for (const [name, play] of ofWorkspaces) {
    const { handle } = await play(house);
    await keep(name, { fetchHistory: () => handle.fetchHistory() });
  }
}

const ofRuns = Object.entries(runStories).filter(([name]) => isWanted(name));
if (ofRuns.length > 0) {
  await using house = await openRunHouse(replayKey);
  await house.addRunner('host-a');
  for (const [name, play] of ofRuns) {
    house.play({});
    const handle = await play(house);
    await keep(name, { fetchHistory: () => handle.fetchHistory() });
  }
}

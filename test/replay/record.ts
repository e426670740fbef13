/**
 * Plays the stories and keeps their histories: `npm run record:histories` after a change that is meant to break replay,
 * `-- <name>` for a new story alone.
 */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { openLifecycleHouse } from '../support/lifecycle.ts';
import { replayKey, stories } from './stories.ts';

const folder = path.join(import.meta.dirname, 'histories');
const wanted = process.argv.slice(2);
const house = await openLifecycleHouse(replayKey);
try {
  for (const [name, play] of Object.entries(stories)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const file = path.join(folder, `${name}.json`);
    rmSync(file, { force: true });
    // Of a chain of runs, the last: it starts from what was carried over.
    const history = await (await play(house)).handle.fetchHistory();
    writeFileSync(file, `${historyToJSON(history)}\n`);
    console.log(`${name}: ${history.events?.length ?? 0} events`);
  }
} finally {
  await house[Symbol.asyncDispose]();
}

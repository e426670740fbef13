/** Events and bytes in Temporal's history for one workspace, and for one run: figures that no machine's speed changes. */
import type { Benchmark } from '../benchmark.ts';
import { createHeartbeatFilter } from '../../api/heartbeats.ts';
import { historySize } from '../../test/support/history-size.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../../test/support/lifecycle.ts';
import { table } from '../report/table.ts';
import { measureRuns } from './runs.ts';

const hours = { whole: 24, quick: 1 };
const talk = { whole: [10, 1000], quick: [10, 100] };
const beatSeconds = 30;

export const history: Benchmark = {
  name: 'history',
  async run(effort, report) {
    await using house = await openLifecycleHouse();
    report('create, running, stop');
    const life = await measureLife(house);
    report(`${hours[effort]} hours of heartbeats`);
    const day = await measureDay(house, hours[effort]);
    report('runs');
    const runs = await measureRuns(talk[effort]);
    const lives = table(
      ['a workspace', 'heartbeats', 'reach Temporal', 'events', 'KiB'],
      [
        ['create → running → stop', '0', '0', String(life.events), kib(life.bytes)],
        [
          `in use for ${hours[effort]} hours`,
          String(day.beats),
          String(day.forwarded),
          String(day.events),
          kib(day.bytes),
        ],
      ],
    );
    const rows = runs.map(({ said, events, bytes }) => [`its agent says ${said} lines`, String(events), kib(bytes)]);
    return `${lives}\n\n${table(['a run, from its prompt to the pushed branch', 'events', 'KiB'], rows)}`;
  },
};

async function measureLife(house: LifecycleHouse): Promise<{ events: number; bytes: number }> {
  const story = await house.start();
  await story.bootsSlowly();
  await story.stop();
  await story.ends();
  return await historySize(story.handle);
}

/** Beats of a machine that somebody works on all the time, passed on as an API process passes them on. */
async function measureDay(house: LifecycleHouse, lengthHours: number) {
  const story = await house.start({ limits: { maxHistoryEvents: 40_000 } });
  await story.becomesReady();
  const startedAt = await story.now();
  let beatAt = startedAt;
  let forwarded = 0;
  const filter = createHeartbeatFilter(story.input.limits, () => beatAt);

  const beats = (lengthHours * 3600) / beatSeconds;
  for (let seq = 1; seq <= beats; seq++) {
    beatAt = startedAt + seq * beatSeconds * 1000;
    await filter.pass(story.input.workspaceId, { seq, idleSeconds: 5, keptAliveBy: [] }, async () => {
      forwarded += 1;
      await story.passes((beatAt - (await story.now())) / 60_000);
      await story.beats(5);
    });
  }
  await story.state();
  const size = await historySize(story.handle);
  await story.stop();
  await story.ends();
  return { beats, forwarded, ...size };
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

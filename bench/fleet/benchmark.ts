/** Many live workspaces: what they cost all processes together, how the API answers under them, and what gives way first. */
import type { Benchmark } from '../benchmark.ts';
import { table } from '../report/table.ts';
import { createThroughFrontDoor } from './front-door.ts';
import { startInstallation } from './installation.ts';
import { seedWorkspaces } from './seed.ts';
import { givesWay, measureStage, type Pace, type Stage } from './stage.ts';

interface Amounts extends Pace {
  /** Made through the front door; the rest of the fleet is seeded. */
  created: number;
  /** Live workspaces at which a stage is measured, until one gives way. */
  sizes: readonly [number, ...number[]];
}

const amounts: Record<'whole' | 'quick', Amounts> = {
  whole: {
    ...{ created: 100, sizes: [2000, 4000, 6000, 8000] },
    ...{ beatSeconds: 30, readsPerSecond: 5, warmUpSeconds: 60, windowSeconds: 60 },
  },
  quick: { created: 10, sizes: [30, 60], beatSeconds: 5, readsPerSecond: 5, warmUpSeconds: 5, windowSeconds: 10 },
};

export const fleet: Benchmark = {
  name: 'fleet',
  async run(effort, report) {
    const { created, sizes, ...pace } = amounts[effort];
    await using installation = await startInstallation();
    report(`making ${created} workspaces through the front door`);
    const { machines, perSecond } = await createThroughFrontDoor(installation, created);
    report(`${perSecond.toFixed(2)} a second`);

    const stages: Stage[] = [];
    const measure = async (name: string, warmUpSeconds = pace.warmUpSeconds): Promise<Stage> => {
      report(`measuring ${name}`);
      const stage = await measureStage(installation, machines, { ...pace, name, warmUpSeconds });
      stages.push(stage);
      report(stageRow(stage).join(' | '));
      return stage;
    };
    for (const size of sizes) {
      report(`seeding up to ${size}`);
      machines.push(...(await seedWorkspaces(installation, size - machines.length)));
      if (givesWay(await measure(String(size)))) break;
      if (size !== sizes[0]) continue;
      await installation.crashApi();
      await measure(`${size}, from a crash of the API on`, 0);
    }
    return `${table(stageHead, stages.map(stageRow))}

Through the front door, ${created} workspaces became usable at ${perSecond.toFixed(1)} a second, 20 at a time.`;
  },
};

const stageHead = [
  'live workspaces',
  'CPU, cores (Temporal + worker + API)',
  'RSS, GB (Temporal + worker + API)',
  'heartbeat p50 / p99, ms',
  '`GET /vms/:id` p50 / p99, ms',
  'failed',
];

function stageRow({ name, cores, rssGb, load: { beats, reads } }: Stage): string[] {
  return [
    name,
    sumOf(Object.values(cores)),
    sumOf(Object.values(rssGb)),
    `${beats.p50Ms.toFixed(1)} / ${beats.p99Ms.toFixed(1)}`,
    `${reads.p50Ms.toFixed(1)} / ${reads.p99Ms.toFixed(1)}`,
    `${beats.failed + reads.failed} of ${beats.count + beats.failed + reads.count + reads.failed}`,
  ];
}

function sumOf(parts: number[]): string {
  const sum = parts.reduce((total, part) => total + part, 0);
  return `${sum.toFixed(2)} (${parts.map((part) => part.toFixed(2)).join(' + ')})`;
}

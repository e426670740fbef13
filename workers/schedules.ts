/** The upkeep schedules, made or brought up to date when a worker starts. */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { controlPlaneQueue } from '../workflows/contract/task-queues.ts';
import { orphanSweepSchedule, type SweepMode } from '../workflows/contract/upkeep.ts';
import type { orphanSweep as orphanSweepWorkflow } from '../workflows/upkeep/orphan-sweep.ts';
import type { retention } from '../workflows/upkeep/retention.ts';

export interface UpkeepTimes {
  /** `off` takes the schedule away. */
  orphanSweep: SweepMode | 'off';
  orphanSweepMinutes: number;
  orphanAgeMinutes: number;
  retentionDays: number;
  blobRetentionDays: number;
}

/** Idempotent: any number of workers may call it, at every start. */
export async function ensureSchedules(client: Client, times: UpkeepTimes): Promise<void> {
  for (const schedule of schedules(times)) await ensureSchedule(client, schedule);
  if (times.orphanSweep === 'off') await removeSchedule(client, orphanSweepSchedule);
}

type UpkeepSchedule = ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>>;

function schedules(times: UpkeepTimes): UpkeepSchedule[] {
  const { retentionDays, blobRetentionDays } = times;
  return [
    ...sweepSchedule(times),
    {
      scheduleId: 'retention',
      spec: { intervals: [{ every: '1 hour' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      action: startWorkflow<typeof retention>('retention', [{ days: retentionDays, blobDays: blobRetentionDays }]),
    },
  ];
}

function sweepSchedule({ orphanSweep, orphanSweepMinutes, orphanAgeMinutes }: UpkeepTimes): UpkeepSchedule[] {
  if (orphanSweep === 'off') return [];
  const request = { minAgeMinutes: orphanAgeMinutes, mode: orphanSweep };
  return [
    {
      scheduleId: orphanSweepSchedule,
      spec: { intervals: [{ every: orphanSweepMinutes * 60_000 }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      action: startWorkflow<typeof orphanSweepWorkflow>('orphanSweep', [request]),
    },
  ];
}

function startWorkflow<W extends Workflow>(workflowType: string, args: Parameters<W>): UpkeepSchedule['action'] {
  return {
    type: 'startWorkflow',
    workflowType,
    workflowId: `upkeep:${workflowType}`,
    taskQueue: controlPlaneQueue,
    args,
  };
}

async function ensureSchedule(client: Client, { scheduleId, ...schedule }: UpkeepSchedule): Promise<void> {
  try {
    await client.schedule.create({ scheduleId, ...schedule });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // Its state stays as it is: an operator may have paused it.
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...schedule, state }));
  }
}

async function removeSchedule(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

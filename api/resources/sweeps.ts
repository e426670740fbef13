import { ScheduleNotFoundError, type ScheduleDescription } from '@temporalio/client';
import { orphanSweepSchedule, type SweepRequest } from '../../workflows/contract/upkeep.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';

/** When things without an owner go. */
export interface Sweeps {
  /** The first sweep that finds this thing old enough (ISO 8601); `null` when none will remove it. */
  firstFor(createdAt: string): string | null;
}

/** The coming sweeps, as their schedule has them. None remove while it is off, paused, or set to report. */
export async function readSweeps(services: Services): Promise<Sweeps> {
  const schedule = await describeSchedule(services);
  if (!schedule || schedule.state.paused || schedule.action.type !== 'startWorkflow') return { firstFor: () => null };
  const [{ minAgeMinutes, mode = 'remove' }] = schedule.action.args as [SweepRequest];
  return {
    firstFor(createdAt) {
      const oldEnough = Date.parse(createdAt) + minAgeMinutes * 60_000;
      const first = schedule.info.nextActionTimes.find((time) => time.getTime() > oldEnough);
      return mode === 'remove' && first ? first.toISOString() : null;
    },
  };
}

async function describeSchedule(services: Services): Promise<ScheduleDescription | undefined> {
  try {
    const handle = services.temporal.schedule.getHandle(orphanSweepSchedule);
    return await within(services, serverAnswerMs, () => handle.describe());
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

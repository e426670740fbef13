/**
 * What machines cost, by the way in which clouds bill them: every hour that has begun, and in a calendar month (UTC) no
 * more than the provider's own limit. A machine that lives across the end of a month is billed in each for itself.
 */
import type { MachineCost } from '../../store/store.ts';

const msPerHour = 3_600_000;

/** A calendar month, from its first moment to that of the next one. */
export interface Month {
  from: Date;
  to: Date;
}

/** The month that this moment is in. */
export function monthOf(time: Date): Month {
  const [year, month] = [time.getUTCFullYear(), time.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month)), to: new Date(Date.UTC(year, month + 1)) };
}

type Bill = Pick<MachineCost, 'since' | 'until' | 'hourlyMicros' | 'monthlyMicros'>;

/** What the machine has cost in this month by `now`; 0 when it did not exist in it. */
export function microsIn({ from, to }: Month, { since, until, hourlyMicros, monthlyMicros }: Bill, now: Date): number {
  const made = Date.parse(since);
  const gone = until === null ? Math.max(now.getTime(), made) : Date.parse(until);
  if (made >= to.getTime() || (gone <= from.getTime() && made < from.getTime())) return 0;
  const ms = Math.min(gone, to.getTime()) - Math.max(made, from.getTime());
  const hours = Math.max(Math.ceil(ms / msPerHour), 1);
  return Math.min(hours * hourlyMicros, monthlyMicros ?? Infinity);
}

/** What the machine has cost in its whole life by `now`. */
export function microsOf(bill: Bill, now: Date): number {
  const end = bill.until === null ? now.getTime() : Date.parse(bill.until);
  let micros = 0;
  for (let month = monthOf(new Date(bill.since)); month.from.getTime() <= end; month = monthOf(month.to)) {
    micros += microsIn(month, bill, now);
  }
  return micros;
}

/** How long it took from a kill until everything was as it should be: kept case by case, shown as a table. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Measurement {
  /** `provisioning`, `removal` … */
  phase: string;
  point: string;
  victim: string;
  seconds: number;
}

/** From one moment of `performance.now()` to another, as exact as is reported. */
export function secondsBetween(fromMs: number, toMs: number): number {
  return Math.round((toMs - fromMs) / 100) / 10;
}

/** Prints the table; and adds the measurements to the file that `FAULTS_REPORT` names, in the place of older ones. */
export function reportConvergence(measured: readonly Measurement[]): void {
  console.log(tableOf(measured));
  const file = process.env['FAULTS_REPORT'];
  if (file === undefined) return;
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Measurement[]) : [];
  const others = known.filter((old) => !measured.some((one) => caseOf(one) === caseOf(old)));
  writeFileSync(file, `[\n${[...others, ...measured].map((one) => `  ${lineOf(one)}`).join(',\n')}\n]\n`);
}

/** Points down, victims across, in Markdown; `–` where a case was not run. */
export function tableOf(measured: readonly Measurement[]): string {
  const victims = [...new Set(measured.map(({ victim }) => victim))];
  const points = [...new Set(measured.map(({ point }) => point))];
  const rows = points.map((point) => {
    const cells = victims.map(
      (victim) => measured.find((one) => one.point === point && one.victim === victim)?.seconds,
    );
    return row([point, ...cells.map((seconds) => seconds?.toFixed(1) ?? '–')]);
  });
  const phases = [...new Set(measured.map(({ phase }) => phase))].join(', ');
  const title = `${phases}: seconds to converge after kill -9 of`;
  return [row([title, ...victims]), row(['---', ...victims.map(() => '---:')]), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** JSON with one line a case, so that a change shows as one. */
function lineOf(measurement: Measurement): string {
  return JSON.stringify(measurement, null, 1).replaceAll(/\n\s*/g, ' ');
}

function caseOf({ phase, point, victim }: Measurement): string {
  return `${phase}, ${point}, ${victim}`;
}

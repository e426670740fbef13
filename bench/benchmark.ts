/** What a benchmark is, and how much of it is run. */
import type { Report } from '../engine/progress.ts';

export interface Benchmark {
  /** Names it on the command line and marks its place in the document. */
  name: string;
  /** Measures, and resolves with the Markdown of its results. `report` hears of the progress. */
  run(effort: Effort, report: Report): Promise<string>;
}

/** `whole` gives the figures of the document; `quick` only shows, within a minute or two, that everything works. */
export type Effort = 'whole' | 'quick';

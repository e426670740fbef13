/** A start as a list of steps, drawn by listr2: a live list on a terminal, plain lines in a log. */
import { Listr, PRESET_TIMER } from 'listr2';
import type { Report } from '../engine/progress.ts';
import { showing } from './progress.ts';

export interface Step {
  title: string;
  /** The result, if any, is added to the title: a version, an address. Rejects to end the whole list. */
  run(report: Report): Promise<string | void>;
}

/** Takes the steps one after the other; rejects with the first failure, which the caller shows. */
export async function takeSteps(steps: readonly Step[]): Promise<void> {
  const isTerminal = process.stdout.isTTY;
  const tasks = new Listr<undefined>([], {
    fallbackRenderer: 'simple',
    rendererOptions: { showErrorMessage: false, collapseErrors: false, timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    registerSignalListeners: false,
  });
  for (const step of steps) {
    tasks.add({
      title: step.title,
      task: async (_context, task) => {
        const result = await showing(
          (line) => (task.output = line),
          isTerminal,
          (report) => step.run(report),
        );
        if (result) task.title = `${step.title}: ${result}`;
      },
    });
  }
  await tasks.run();
}

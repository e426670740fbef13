import type { Script, Step } from '../../test/support/model-endpoint/script.ts';

/** A pause follows each event of an answer; an answer that wants a short command has about as many. */
const eventsPerAnswer = 12;

/** The name of the model that answers at once, as none does. */
export const answersAtOnce = 'at-once';

/** The name of one that takes about so long for each answer. */
export function answersIn(ms: number): string {
  return `in-${ms}-ms`;
}

/** Models that want so many tools, one after the other: one that answers at once, and one for each of these times. */
export function scripts({ toolCalls, callMs }: { toolCalls: number; callMs: number[] }): Record<string, Script> {
  const steps: Step[] = Array.from({ length: toolCalls }, (_, index) => ({ do: [{ run: `echo ${index}` }] }));
  steps.push({ say: 'Done.' });
  const thinking = callMs.map((ms) => [answersIn(ms), { steps, pauseMs: ms / eventsPerAnswer }] as const);
  return { [answersAtOnce]: { steps }, ...Object.fromEntries(thinking) };
}

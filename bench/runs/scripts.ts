import type { Script, Step } from '../../test/support/model-endpoint/script.ts';

/** A pause follows each event of an answer; an answer that wants a short command has about as many. */
const eventsPerAnswer = 12;

/**
 * A model that wants so many tools, one after the other: one that answers at once, as none does, and one that takes about so long for
 * each answer, still less than most do.
 */
export function scripts({ toolCalls, callMs }: { toolCalls: number; callMs: number }): Record<string, Script> {
  const steps: Step[] = Array.from({ length: toolCalls }, (_, index) => ({ do: [{ run: `echo ${index}` }] }));
  steps.push({ say: 'Done.' });
  return { 'at-once': { steps }, thinking: { steps, pauseMs: callMs / eventsPerAnswer } };
}
